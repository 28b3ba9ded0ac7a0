// POST /v1/workers/{id}/drain, /resume -> drain.changed (the row in Postgres first)
import { type Worker, worker } from "@tirage/contracts";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { ProblemError } from "../errors.ts";
import { isOperator, operatorTenant } from "./operator.ts";
import { notFound, problems } from "./responses.ts";

const params = z.object({ id: z.string().describe("A live worker, as `GET /v1/workers` lists it.") });
const shared = { tags: ["operations"], params };

export function postWorkers(app: App, { workerDrains, apiKeys }: Pick<Dependencies, "workerDrains" | "apiKeys">): void {
  const change = async (what: "drain" | "resume", request: FastifyRequest<{ Params: { id: string } }>) => {
    if (!isOperator(request, { apiKeys })) {
      throw new ProblemError("forbidden", `only keys of the tenant ${operatorTenant} drain and resume workers`);
    }
    const { id } = request.params;
    return orProblem(await workerDrains[what](id), id);
  };
  app.post(
    "/workers/:id/drain",
    {
      schema: {
        ...shared,
        summary: "Have a worker take no new work until it is resumed",
        description:
          "What it runs ends there; once its `drain.state` is `drained`, its process can be ended and hands no work back. It is bound to this run of the worker, outlasts the loss of the broker's data, and does not end by itself.",
        response: { 202: worker, ...problems },
      },
    },
    async (request, reply) => reply.code(202).send(await change("drain", request)),
  );
  app.post(
    "/workers/:id/resume",
    {
      schema: { ...shared, summary: "Have a drained worker take work again", response: { 200: worker, ...problems } },
    },
    (request) => change("resume", request),
  );
}

function orProblem(changed: Worker | "unknown" | undefined, id: string): Worker {
  if (changed === "unknown") throw notFound("worker", JSON.stringify(id.slice(0, 64)));
  if (changed !== undefined) return changed;
  throw new ProblemError("unavailable", "the broker is away, and nothing was changed", {
    headers: { "retry-after": "5" },
  });
}
