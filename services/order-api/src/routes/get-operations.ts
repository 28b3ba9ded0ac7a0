// GET /v1/workers, /v1/queues, /v1/health: what the broker knows of generators and queues, and what can be reached
import { health, queueList, workerList } from "@tirage/contracts";
import type { App, Dependencies } from "../dependencies.ts";
import { ProblemError } from "../errors.ts";
import { problems } from "./responses.ts";

function orUnavailable<Known>(known: Known | undefined): Known {
  if (known !== undefined) return known;
  throw new ProblemError("unavailable", "the broker, which knows this, is away; orders are still accepted", {
    headers: { "retry-after": "5" },
  });
}

export function getOperations(
  app: App,
  { operations, healthReader }: Pick<Dependencies, "operations" | "healthReader">,
): void {
  app.get(
    "/health",
    {
      schema: {
        tags: ["operations"],
        summary: "Every service with its replicas and versions, and what they depend on",
        response: { 200: health, ...problems },
      },
    },
    async () => healthReader.readHealth(),
  );
  app.get(
    "/workers",
    { schema: { tags: ["operations"], summary: "Live workers", response: { 200: workerList, ...problems } } },
    async () => ({ data: orUnavailable(await operations.listWorkers()) }),
  );
  app.get(
    "/queues",
    {
      schema: {
        tags: ["operations"],
        summary: "What waits and what is in flight, per stream and provider",
        response: { 200: queueList, ...problems },
      },
    },
    async () => ({ data: orUnavailable(await operations.listQueues()) }),
  );
}
