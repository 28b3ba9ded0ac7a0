import { traceIdOf } from "@tirage/contracts";
import { traceHeaders } from "@tirage/messaging";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "../dependencies.ts";
import type { AnswerIdentity } from "../errors.ts";

/** Every answer says what to look for in logs and traces. */
export function identifyAnswers(app: App): void {
  app.addHook("onRequest", async (request, reply) => {
    identifyAnswer(request, reply);
  });
}

/** Also for requests that are answered before any hook runs. */
export function identifyAnswer(request: FastifyRequest, reply: FastifyReply): AnswerIdentity {
  reply.header("x-request-id", request.id);
  const { traceparent } = traceHeaders();
  if (traceparent !== undefined) reply.header("traceparent", traceparent);
  return { requestId: request.id, traceId: traceIdOf(traceparent) };
}
