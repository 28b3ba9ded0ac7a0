import { TirageConnectionError, TirageProblem } from "@tirage/client";
import { CommandFailure, exitCodes, UsageError } from "./failures.ts";
import { flagOfPointer } from "./order-flags.ts";

/** What a failure is to a person, and to the shell. */
export interface Explanation {
  readonly exitCode: number;
  readonly message: string;
  /** One a line, below the message. */
  readonly details: readonly string[];
  readonly advice?: string | undefined;
  /** For a program. */
  readonly problem?: Readonly<Record<string, unknown>> | undefined;
}

const advicesOfTypes: Readonly<Record<string, string>> = {
  "/problems/authentication": "give the API's key as TIRAGE_API_KEY, or by --api-key",
  "/problems/queue-full": "the queue is full; run the same command again later",
  "/problems/too-many-requests": "run the same command again later",
  "/problems/idempotency-key-reused": "this --key stands for another order; give a new one to order something else",
};

/** Explains whatever was thrown. The API key is in none of it: requests' headers are never told. */
export function explainFailure(thrown: unknown, apiUrl: string): Explanation {
  if (thrown instanceof UsageError) {
    return { exitCode: exitCodes.usage, message: thrown.message, details: thrown.faults };
  }
  if (thrown instanceof CommandFailure) {
    return { exitCode: exitCodes.failed, message: thrown.message, details: [], advice: thrown.advice };
  }
  if (thrown instanceof TirageProblem) return explainProblem(thrown);
  if (thrown instanceof TirageConnectionError) {
    return {
      exitCode: exitCodes.failed,
      message: `no answer from ${apiUrl} (${reasonOf(thrown)})`,
      details: [],
      advice:
        "does it run? npm start begins it; --api-url or TIRAGE_API_URL says where else it is; tirage doctor looks closer",
    };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { exitCode: exitCodes.failed, message, details: [] };
}

function explainProblem(problem: TirageProblem): Explanation {
  const { type, title, status, detail, errors, requestId, traceId } = problem;
  const isUsage = status === 400 || type === "/problems/model" || type === "/problems/idempotency-key-reused";
  return {
    exitCode: isUsage ? exitCodes.usage : exitCodes.failed,
    message: errors.length > 0 ? title : `${title}: ${detail}`,
    details: [
      ...errors.map((fault) => `${flagOfPointer(fault.pointer)}: ${fault.detail}`),
      // A fault of the request needs no log of the service.
      ...(requestId !== "" && status >= 500 ? [`request ${requestId}, in the service's logs`] : []),
      ...(traceId !== null && status >= 500 ? [`trace ${traceId}`] : []),
    ],
    advice: advicesOfTypes[type],
    problem: { type, title, status, detail, errors, requestId, traceId },
  };
}

/** The innermost cause says most: `ECONNREFUSED`, not `fetch failed`. */
function reasonOf(thrown: Error): string {
  let cause: unknown = thrown;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof Error ? cause.message : "unknown";
}
