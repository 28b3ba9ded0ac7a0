/** Every error as the problem (RFC 9457) that the customer gets. The only place where errors become statuses. */
import { type Problem, type ProblemType, problemTypes } from "@tirage/contracts";
import { isTransientDatabaseError } from "@tirage/database";
import { isBrokerAway } from "@tirage/messaging";
import type { Fault } from "./domain/fault.ts";

/** Which request a problem answers, as logs and traces know it. */
export type AnswerIdentity = Pick<Problem, "requestId" | "traceId">;

/** An answer that is not 2xx, thrown from wherever it is known. */
export class ProblemError extends Error {
  readonly type: ProblemType;
  readonly statusCode: number;
  readonly faults: readonly Fault[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    type: ProblemType,
    detail: string,
    {
      faults,
      headers = {},
      ...options
    }: ErrorOptions & { faults?: readonly Fault[]; headers?: Record<string, string> } = {},
  ) {
    super(detail, options);
    this.name = "ProblemError";
    this.type = type;
    this.statusCode = problemTypes[type].status;
    this.faults = faults;
    this.headers = headers;
  }
}

/** The request is wrong in these ways. */
export function validationError(faults: readonly Fault[]): ProblemError {
  const [first] = faults;
  const detail =
    faults.length === 1 && first
      ? `${first.pointer || "the body"}: ${first.detail}`
      : `${faults.length} faults, listed in errors`;
  return new ProblemError("validation", detail, { faults });
}

/** The model cannot be ordered like this. */
export function modelError(faults: readonly Fault[]): ProblemError {
  return new ProblemError("model", faults[0]?.detail ?? "the model cannot be ordered this way", { faults });
}

/** What database and broker need to come back, usually. */
const retryAfterSeconds = "5";

/** Codes and statuses of Fastify's own errors that are the request's fault. */
function problemOfFramework(error: { code?: unknown; statusCode?: unknown }): ProblemError | undefined {
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new ProblemError("too-large", "the body must not be larger than 256 KiB");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new ProblemError("media-type", "send application/json");
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return validationError([{ pointer: "", detail: "is empty; send JSON" }]);
    case "FST_ERR_BAD_URL":
    case "FST_ERR_MAX_PARAM_LENGTH":
      return new ProblemError("not-found", "nothing has this address");
  }
  if (error.statusCode === 413) return new ProblemError("too-large", "the request is too large");
  if (error.statusCode === 400) return validationError([{ pointer: "", detail: "cannot be read as JSON" }]);
  return undefined;
}

/** Any thrown value as a problem; what is not known to be the customer's fault says nothing of our inside. */
export function toProblemError(thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const known = problemOfFramework(error as { code?: unknown; statusCode?: unknown });
  if (known) return known;
  if (isTransientDatabaseError(error)) {
    const headers = { "retry-after": retryAfterSeconds };
    return new ProblemError("unavailable", "the database does not answer; try again", { headers, cause: error });
  }
  if (isBrokerAway(error)) {
    const headers = { "retry-after": retryAfterSeconds };
    return new ProblemError("unavailable", "the broker does not answer; try again", { headers, cause: error });
  }
  return new ProblemError("internal", "something failed on our side; the request id finds it in our logs", {
    cause: error,
  });
}

/** The body of a problem, as the answer to this request. */
export function problemBody({ type, message, faults }: ProblemError, identity: AnswerIdentity): Problem {
  const { title, status } = problemTypes[type];
  return {
    type: `/problems/${type}`,
    title,
    status,
    detail: message,
    instance: identity.requestId,
    ...identity,
    ...(faults ? { errors: faults.map(({ pointer, detail }) => ({ pointer, detail })) } : {}),
  };
}
