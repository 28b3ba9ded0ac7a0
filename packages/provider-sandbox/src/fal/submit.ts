import { randomUUID } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { type AcceptedJob, acceptSubmission } from "../accept-submission.ts";
import { answerJson, type HttpAnswer } from "../http-answer.ts";
import type { JobDeadline } from "../job-queue.ts";
import type { SandboxContext } from "../sandbox-context.ts";
import type { InputProblem, Submission } from "../submission.ts";
import { requestAddresses } from "./addresses.ts";
import { answerFlatError } from "./errors.ts";
import { answerRefusal, spoilAcceptance } from "./fault-answers.ts";
import { checkFalInput, readFalOrder } from "./models.ts";

const querySchema = z.object({
  fal_webhook: z.url().optional(),
  fal_max_queue_length: z.coerce.number().int().min(0).optional(),
});

const inputSchema = z.record(z.string(), z.unknown());

/** What the validation dial says is wrong with an input that is right. */
const inventedProblem: InputProblem = { kind: "missing", field: "prompt" };

/** The submission, unless it was refused, and the answer to the request that brought it. */
export interface SubmitOutcome {
  readonly answer: HttpAnswer;
  readonly submission?: Submission;
}

/** `POST /{endpoint}` on the queue host: fal accepts any input, and finds out what is wrong with it when the job runs. */
export function submitToQueue(context: SandboxContext, request: FastifyRequest, endpointId: string): SubmitOutcome {
  const query = querySchema.safeParse(request.query);
  if (!query.success) return { answer: answerFlatError(400, "Invalid query parameters", "bad_request") };
  const maxQueueLength = query.data.fal_max_queue_length;
  if (maxQueueLength !== undefined && context.queues.fal.counts().waiting > maxQueueLength) {
    return { answer: answerJson(429, { detail: "Queue is longer than fal_max_queue_length" }) };
  }
  const accepted = acceptFal(context, request, endpointId, query.data.fal_webhook ?? null);
  if (!("id" in accepted)) return { answer: accepted };

  const intended = answerJson(200, {
    status: "IN_QUEUE",
    request_id: accepted.id,
    queue_position: context.queues.fal.position(accepted),
    ...requestAddresses(accepted.baseUrl, endpointId, accepted.id),
  });
  const spoiler = context.faults.strike({ stage: "acceptance", provider: "fal", model: endpointId });
  return { answer: spoiler ? spoilAcceptance(spoiler, intended) : intended, submission: accepted };
}

/** Accepts a submission for the queue or for a direct call, or says why not. */
export function acceptFal(
  context: SandboxContext,
  request: FastifyRequest,
  endpointId: string,
  webhook: string | null,
): Submission | HttpAnswer {
  const refusal = context.faults.strike({ stage: "admission", provider: "fal", model: endpointId });
  if (refusal) return answerRefusal(refusal, endpointId);
  const input = inputSchema.safeParse(request.body ?? {});
  if (!input.success) return answerFlatError(400, "The body is not a JSON object", "bad_request");
  const doubt = context.faults.strike({ stage: "input", provider: "fal", model: endpointId });
  const id = randomUUID();
  const job: AcceptedJob = {
    submission: {
      id,
      provider: "fal",
      model: endpointId,
      version: null,
      input: input.data,
      webhook,
      webhookEvents: null,
      baseUrl: `${request.protocol}://${request.host}`,
    },
    count: readFalOrder(endpointId, input.data, id).count,
    problems: doubt ? [inventedProblem] : checkFalInput(endpointId, input.data),
    problemsBilled: doubt?.billed ?? false,
    deadline: readStartDeadline(request),
  };
  return acceptSubmission(context, job);
}

/** `x-fal-request-timeout`: seconds until the job must have started. */
function readStartDeadline(request: FastifyRequest): JobDeadline | undefined {
  const seconds = Number(request.headers["x-fal-request-timeout"]);
  return seconds > 0 ? { afterMs: seconds * 1000, whenRunning: "continue" } : undefined;
}
