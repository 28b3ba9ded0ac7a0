import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { acceptSubmission } from "../accept-submission.ts";
import type { HttpAnswer } from "../http-answer.ts";
import type { JobDeadline } from "../job-queue.ts";
import type { SandboxContext } from "../sandbox-context.ts";
import type { InputProblem, Submission } from "../submission.ts";
import { answerBadBody, answerInvalidInput, notFound, versionInvalid } from "./errors.ts";
import { answerRefusal } from "./fault-answers.ts";
import { checkReplicateInput, isOfficial, modelOfVersion, readReplicateOrder } from "./models.ts";

const bodySchema = z.object({
  version: z.string().optional(),
  input: z.record(z.string(), z.unknown()),
  webhook: z.url().optional(),
  webhook_events_filter: z.array(z.enum(["start", "output", "logs", "completed"])).optional(),
});

/** What the validation dial says is wrong with an input that is right. */
const inventedProblem: InputProblem = { kind: "missing", field: "prompt" };

interface Target {
  readonly model: string;
  readonly version: string | null;
}

/**
 * `POST /predictions` and `POST /models/{owner}/{name}/predictions`: everything that can be wrong is said now, and then
 * nothing was accepted.
 */
export function createPrediction(
  context: SandboxContext,
  request: FastifyRequest,
  officialModel: string | null,
): Submission | HttpAnswer {
  const body = bodySchema.safeParse(request.body);
  if (!body.success) return answerBadBody(z.prettifyError(body.error));
  const { input, webhook = null, webhook_events_filter: webhookEvents = null } = body.data;
  const target =
    officialModel === null ? readVersion(body.data.version ?? "") : { model: officialModel, version: null };
  if (!target) return versionInvalid;
  const occasion = { provider: "replicate", model: target.model } as const;
  const refusal = context.faults.strike({ stage: "admission", ...occasion });
  if (refusal) return answerRefusal(refusal);
  if (officialModel !== null && !isOfficial(officialModel)) return notFound;

  const doubt = context.faults.strike({ stage: "input", ...occasion });
  const problems = doubt ? [inventedProblem] : checkReplicateInput(target.model, input);
  if (problems.length > 0) return answerInvalidInput(problems);
  const id = createPredictionId();
  return acceptSubmission(context, {
    submission: {
      id,
      provider: "replicate",
      ...target,
      input,
      webhook,
      webhookEvents,
      baseUrl: `${request.protocol}://${request.host}`,
    },
    count: readReplicateOrder(target.model, input, id).count,
    problems: [],
    problemsBilled: false,
    deadline: readCancelAfter(request),
  });
}

/** A version is 64 hex digits, `owner/name:` and such digits, or, for an official model only, `owner/name`. */
function readVersion(version: string): Target | undefined {
  const match = /^(?:([\w.-]+\/[\w.-]+):)?([0-9a-f]{64})$/.exec(version);
  if (match?.[2]) return { model: match[1] ?? modelOfVersion(match[2]), version: match[2] };
  return isOfficial(version) ? { model: version, version: null } : undefined;
}

/** `Cancel-After: 90s`, `1m30s`, `2h` or a number of seconds. */
function readCancelAfter(request: FastifyRequest): JobDeadline | undefined {
  const header = request.headers["cancel-after"];
  const match = typeof header === "string" ? /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(header) : null;
  if (!match) return undefined;
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  const afterMs = ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
  return afterMs > 0 ? { afterMs, whenRunning: "cancel" } : undefined;
}

/** 26 lowercase letters and digits, the shape of Replicate's ids. */
function createPredictionId(): string {
  return Array.from(randomBytes(26), (byte) => "0123456789abcdefghjkmnpqrstvwxyz"[byte % 32]).join("");
}
