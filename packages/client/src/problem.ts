import { readRetryAfterMs } from "./retry-policy.ts";

/** A place in what was sent, and what is wrong with it. */
export interface ProblemFault {
  /** JSON pointer into the body. */
  readonly pointer: string;
  readonly detail: string;
}

/** What an RFC 9457 problem says. */
interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly ProblemFault[];
  readonly requestId: string;
  readonly traceId: string | null;
  readonly retryAfterMs: number | undefined;
}

/** The API answered with something that is not 2xx. */
export class TirageProblem extends Error {
  /** A stable address, such as `/problems/validation`, that explains the problem. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Every fault of the request; empty when the problem is no fault of a place in it. */
  readonly errors: readonly ProblemFault[];
  /** As in the service's logs; empty when whoever answered gave none. */
  readonly requestId: string;
  /** The trace that the request is part of; null when the service traces nothing. */
  readonly traceId: string | null;
  /** How long the server asked to wait, where it did. */
  readonly retryAfterMs: number | undefined;

  constructor(details: ProblemDetails) {
    super(`${details.title}: ${details.detail}`);
    this.name = "TirageProblem";
    this.type = details.type;
    this.title = details.title;
    this.status = details.status;
    this.detail = details.detail;
    this.errors = details.errors;
    this.requestId = details.requestId;
    this.traceId = details.traceId;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** No answer came: the network failed, or the time was over. `cause` is what was met last. */
export class TirageConnectionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TirageConnectionError";
  }
}

const textOf = (value: unknown, otherwise: string): string => (typeof value === "string" ? value : otherwise);

function isFault(value: unknown): value is ProblemFault {
  return typeof value === "object" && value !== null && "pointer" in value && "detail" in value;
}

/** Reads the answer as a problem; one that is none, as of a proxy in between, becomes one by its status. */
export async function readProblem(response: Response): Promise<TirageProblem> {
  const body: Record<string, unknown> = await response.json().then(
    (value: unknown) => (typeof value === "object" && value !== null ? { ...value } : {}),
    () => ({}),
  );
  return new TirageProblem({
    type: textOf(body.type, "about:blank"),
    title: textOf(body.title, response.statusText || `HTTP ${response.status}`),
    status: response.status,
    detail: textOf(body.detail, `the server answered ${response.status}`),
    errors: Array.isArray(body.errors) ? body.errors.filter(isFault) : [],
    requestId: textOf(body.requestId, response.headers.get("x-request-id") ?? ""),
    traceId: typeof body.traceId === "string" ? body.traceId : null,
    retryAfterMs: readRetryAfterMs(response.headers.get("retry-after"), Date.now()),
  });
}
