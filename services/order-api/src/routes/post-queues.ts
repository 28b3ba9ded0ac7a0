// POST /v1/queues/{provider}/pause, /resume -> gate.changed (the row in Postgres first)
import { providerPause } from "@tirage/contracts";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { ProblemError } from "../errors.ts";
import { isOperator, operatorTenant } from "./operator.ts";
import { notFound, problems } from "./responses.ts";

const params = z.object({ provider: z.string().describe("An enabled provider.") });
const schema = { tags: ["operations"], params, response: { 200: providerPause, ...problems } };

export function postQueues(
  app: App,
  { providerPauses, providers, apiKeys }: Pick<Dependencies, "providerPauses" | "providers" | "apiKeys">,
): void {
  const readProvider = (request: FastifyRequest<{ Params: { provider: string } }>): string => {
    const { provider } = request.params;
    if (!isOperator(request, { apiKeys })) {
      throw new ProblemError("forbidden", `only keys of the tenant ${operatorTenant} pause and resume providers`);
    }
    if (!providers.includes(provider)) throw notFound("provider", JSON.stringify(provider.slice(0, 64)));
    return provider;
  };
  const orUnavailable = <Known>(known: Known | undefined): Known => {
    if (known !== undefined) return known;
    throw new ProblemError("unavailable", "the broker is away, and nothing was changed", {
      headers: { "retry-after": "5" },
    });
  };
  app.post(
    "/queues/:provider/pause",
    {
      schema: {
        ...schema,
        summary: "Give a provider no more calls until it is resumed",
        description:
          "Nothing fails: orders are accepted and wait, and calls that are under way end. It outlasts restarts and the loss of the broker's data, and does not end by itself.",
      },
    },
    async (request) => orUnavailable(await providerPauses.pause(readProvider(request))),
  );
  app.post(
    "/queues/:provider/resume",
    {
      schema: {
        ...schema,
        summary: "Give a provider calls again, whatever it was paused for",
        description:
          "After an outage or a refused account one call at a time shows whether the provider is back; a pause that the provider asked for by 429 is still kept.",
      },
    },
    async (request) => orUnavailable(await providerPauses.resume(readProvider(request))),
  );
}
