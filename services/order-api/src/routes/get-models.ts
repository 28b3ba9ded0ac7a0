// GET /v1/models: the model catalogue, of the enabled providers
import { modelList } from "@tirage/contracts";
import { modelCatalogue } from "@tirage/model-catalog";
import type { App, Dependencies } from "../dependencies.ts";
import { problems } from "./responses.ts";

export function getModels(app: App, { providers }: Pick<Dependencies, "providers">): void {
  const data = modelList.parse({ data: modelCatalogue.filter(({ provider }) => providers.includes(provider)) });
  app.get(
    "/models",
    {
      schema: {
        tags: ["catalogue"],
        summary: "The models that are known; others of a known provider can be ordered too",
        response: { 200: modelList, ...problems },
      },
    },
    async () => data,
  );
}
