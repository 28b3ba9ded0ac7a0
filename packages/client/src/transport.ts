import { readProblem, TirageConnectionError, TirageProblem } from "./problem.ts";
import { isRetryable, pause, retryDelayMs } from "./retry-policy.ts";

/** What every call takes. */
export interface CallOptions {
  /** Ends the call, also between attempts, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** For one attempt, from sending to the last byte of the answer. */
  readonly timeoutMs?: number | undefined;
}

/** Values that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

export interface ApiRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Query | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Done twice it would be more than done once, and it has no key: never sent again once it may have arrived. */
  readonly isOnce?: boolean | undefined;
}

export interface Transport {
  /** Sends until an answer is read, attempts are used up, or the answer says that another attempt is useless. */
  send<Answer>(
    request: ApiRequest,
    read: (response: Response) => Promise<Answer>,
    options?: CallOptions,
  ): Promise<Answer>;
  /** One attempt without a timeout: an answer that goes on for as long as the signal lets it. */
  open(request: ApiRequest, signal: AbortSignal): Promise<Response>;
}

export interface TransportOptions {
  /** Where the API is, e.g. `http://localhost:8080`; `""` is the page's own origin in a browser. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** Instead of the platform's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Attempts after the first; 4 when not given. */
  readonly retries?: number | undefined;
}

const defaultRetries = 4;
const defaultTimeoutMs = 30_000;

/** Reads an answer's JSON. The API's answers are taken to be what its document says. */
export const readJson = <Answer>(response: Response): Promise<Answer> => response.json() as Promise<Answer>;

export function createTransport(transportOptions: TransportOptions): Transport {
  const { retries = defaultRetries } = transportOptions;
  const open = createOpen(transportOptions);
  return {
    open,
    async send(request, read, { signal, timeoutMs = defaultTimeoutMs } = {}) {
      for (let attempt = 1; ; attempt += 1) {
        signal?.throwIfAborted();
        try {
          return await read(await open(request, withTimeout(signal, timeoutMs)));
        } catch (thrown) {
          // The caller's own signal ended the attempt: its reason is what the caller expects to catch.
          signal?.throwIfAborted();
          const delayMs = mayRepeat(request, thrown) ? nextDelayMs(thrown, attempt) : undefined;
          if (attempt > retries || delayMs === undefined) throw failureOf(thrown, request);
          await pause(delayMs, signal);
        }
      }
    },
  };
}

function withTimeout(signal: AbortSignal | undefined, timeoutMs: number): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** Who sends too much is told so before anything is done. */
const mayRepeat = ({ isOnce }: ApiRequest, thrown: unknown): boolean =>
  !isOnce || (thrown instanceof TirageProblem && thrown.status === 429);

function nextDelayMs(thrown: unknown, attempt: number): number | undefined {
  if (!(thrown instanceof TirageProblem)) return retryDelayMs(attempt, undefined, Math.random());
  return isRetryable(thrown) ? retryDelayMs(attempt, thrown.retryAfterMs, Math.random()) : undefined;
}

function failureOf(thrown: unknown, { method, path }: ApiRequest): Error {
  if (thrown instanceof TirageProblem) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new TirageConnectionError(`${method} ${path} was not answered: ${reason}`, { cause: thrown });
}

/** @throws TirageProblem for an answer that is not 2xx, and whatever `fetch` throws. */
function createOpen({ baseUrl, apiKey, fetch = globalThis.fetch }: TransportOptions): Transport["open"] {
  const base = baseUrl.replace(/\/+$/, "");
  return async ({ method, path, query = {}, body, headers }, signal) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
    const search = parameters.size > 0 ? `?${parameters}` : "";
    const response = await fetch(`${base}${path}${search}`, {
      method,
      signal,
      headers: {
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await readProblem(response);
    return response;
  };
}
