import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerJson, type HttpAnswer, sendAnswer, signalOfClient } from "../http-answer.ts";
import { markDelivered } from "../mark-delivered.ts";
import type { SandboxContext } from "../sandbox-context.ts";
import type { Submission } from "../submission.ts";
import { appOf, falHosts, isEndpointId, readQueueTarget } from "./addresses.ts";
import { notFound } from "./errors.ts";
import { spoilRead, unauthenticated } from "./fault-answers.ts";
import { answerResult, answerStatus } from "./result.ts";
import { streamStatus } from "./status-stream.ts";
import { acceptFal, submitToQueue } from "./submit.ts";
import type { FalWebhooks } from "./webhook.ts";

/** Longer than any job the sandbox is asked to run; a hanging one ends a direct call here. */
const directCallTimeoutMs = 600_000;

type PathRequest = FastifyRequest<{ Params: { "*": string }; Querystring: { logs?: string } }>;

/** fal's hosts, each below `/<host>/`, as a client sees them whose base address was replaced. */
export function registerFal(app: FastifyInstance, context: SandboxContext, webhooks: FalWebhooks): void {
  const queue = `/${falHosts.queue}/*`;
  app.post(queue, (request: PathRequest, reply) => handleSubmit(context, request, reply));
  app.get(queue, (request: PathRequest, reply) => handleRead(context, request, reply));
  app.put(queue, (request: PathRequest, reply) => handleCancel(context, request, reply));
  app.post(`/${falHosts.sync}/*`, (request: PathRequest, reply) => handleDirectCall(context, request, reply));
  app.get(`/${falHosts.rest}/.well-known/jwks.json`, () => webhooks.keySet);
}

function handleSubmit(context: SandboxContext, request: PathRequest, reply: FastifyReply): FastifyReply {
  context.submitLog.follow("fal", reply);
  const target = readQueueTarget(request.params["*"]);
  if (!isAuthenticated(request)) return respond(request, reply, unauthenticated);
  if (target?.kind !== "endpoint") return respond(request, reply, notFound);
  const { answer, submission } = submitToQueue(context, request, target.endpointId);
  if (submission) markDelivered(reply, submission);
  return respond(request, reply, answer, submission);
}

function handleRead(context: SandboxContext, request: PathRequest, reply: FastifyReply): FastifyReply {
  if (!isAuthenticated(request)) return respond(request, reply, unauthenticated);
  const found = findRequest(context, request.params["*"]);
  if (!found) return respond(request, reply, notFound);
  const { submission, part } = found;
  const view = { baseUrl: `${request.protocol}://${request.host}`, withLogs: request.query.logs === "1" };
  const { faults, queues, settings } = context;
  const occasion = { provider: "fal", model: submission.model } as const;
  const readSpoiler = faults.strike({ stage: "read", ...occasion });
  const readStatus = () => answerStatus(submission, { ...view, queuePosition: queues.fal.position(submission) });
  if (part === "stream" && !readSpoiler) return streamStatus(reply, readStatus);
  if (part === "status" || part === "stream") {
    const answer = readStatus();
    return respond(request, reply, readSpoiler ? spoilRead(readSpoiler, answer) : answer, submission);
  }
  if (part === "cancel") return respond(request, reply, notFound);
  const answer = answerResult(submission, view.baseUrl, settings.maxImageEdgePx);
  // Only a result that is there can be spoilt, so that a rule's strikes are not spent on early reads.
  const spoiler = readSpoiler ?? (submission.ending ? faults.strike({ stage: "result", ...occasion }) : undefined);
  return respond(request, reply, spoiler ? spoilRead(spoiler, answer) : answer, submission);
}

function handleCancel(context: SandboxContext, request: PathRequest, reply: FastifyReply): FastifyReply {
  if (!isAuthenticated(request)) return respond(request, reply, unauthenticated);
  const found = findRequest(context, request.params["*"]);
  if (found?.part !== "cancel") return respond(request, reply, notFound);
  const answer = context.queues.fal.cancel(found.submission)
    ? answerJson(202, { status: "CANCELLATION_REQUESTED" })
    : answerJson(400, { status: "ALREADY_COMPLETED" });
  return respond(request, reply, answer, found.submission);
}

/** `fal.run`: no queue; over the limit it refuses, and a caller that goes away cancels its job. */
async function handleDirectCall(
  context: SandboxContext,
  request: PathRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  context.submitLog.follow("fal", reply);
  const endpointId = request.params["*"];
  if (!isAuthenticated(request)) return respond(request, reply, unauthenticated);
  if (!isEndpointId(endpointId)) return respond(request, reply, notFound);
  const { queues, settings } = context;
  if (queues.fal.counts().running >= settings.concurrency.fal) {
    const body = { detail: "Too many concurrent requests", error_type: "concurrent_requests_limit" };
    return respond(request, reply, answerJson(429, body, { "x-fal-needs-retry": "1" }));
  }
  const submission = acceptFal(context, request, endpointId, null);
  if (!("id" in submission)) return respond(request, reply, submission);
  markDelivered(reply, submission);
  const finished = await queues.fal.whenFinished(submission, directCallTimeoutMs, signalOfClient(reply));
  if (!finished) queues.fal.cancel(submission);
  const answer = answerResult(submission, submission.baseUrl, settings.maxImageEdgePx);
  return respond(request, reply, answer, submission);
}

function findRequest(context: SandboxContext, path: string) {
  const target = readQueueTarget(path);
  if (target?.kind !== "request") return undefined;
  const submission = context.ledger.find("fal", target.requestId);
  return submission && appOf(submission.model) === target.app ? { submission, part: target.part } : undefined;
}

function isAuthenticated({ headers }: FastifyRequest): boolean {
  return /^(Key|Bearer) \S/i.test(headers.authorization ?? "");
}

function respond(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: HttpAnswer,
  submission?: Submission,
): FastifyReply {
  reply.header("x-fal-request-id", submission?.id ?? randomUUID());
  return sendAnswer(request, reply, answer);
}
