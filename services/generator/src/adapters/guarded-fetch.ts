/**
 * The only way a provider's client reaches the network. A client gets a `fetch` that works once: whatever its own retry
 * loop wants, one call of it is one request, so that a lost answer never becomes a second charge. What really came of the
 * request is read from the exchange, not from the client's error, which has lost half of it.
 */
import type { Logger } from "@tirage/messaging";
import { Agent, fetch as fetchThrough } from "undici";
import type { z } from "zod";
import { isAllowedAddress } from "./allowed-origin.ts";
import { describeConnectionFailure, isNeverSent } from "./connection-failure.ts";
import { readBody } from "./read-body.ts";

/** What came of one request. */
export type Exchange =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: Headers;
      /** Parsed; undefined when it is not JSON. */
      readonly body: unknown;
    }
  /** Nothing left this process. */
  | { readonly kind: "not_sent"; readonly reason: string }
  /** The request left and no whole answer came: what the other side did is not known. */
  | { readonly kind: "lost"; readonly reason: string };

export interface ExchangeOptions {
  /** Origins that may be asked. */
  readonly origins: readonly string[];
  /** For the whole exchange, its body included. */
  readonly timeoutMs: number;
  /** Ends the exchange early; its reason is thrown. */
  readonly signal?: AbortSignal;
  readonly logger: Logger;
}

/**
 * Connecting must fail well before an exchange times out, or a provider that cannot be reached at all would look like one
 * that may have accepted. Node's own `fetch` takes 10 s, as long as a submit. Idle connections do not keep a process alive.
 */
const connectTimeoutMs = 4_000;
const connections = new Agent({ connect: { timeout: connectTimeoutMs } });

/** Answers of the providers are small; outputs are fetched elsewhere. */
const maximumAnswerBytes = 8 * 1024 * 1024;

/**
 * What a client is told about every request that did not succeed. Of all statuses this kind alone makes neither client
 * try again: fal repeats 429, 500 and 502 to 504 and network errors, Replicate 429, thrown errors and, on GET, 500 and up.
 */
const unsuccessfulStatus = 499;

/** Headers that say what the client, or a person reading the log, needs. */
const noticedHeaders = ["x-fal-request-id", "x-fal-billable-units", "x-fal-error-type", "ratelimit-remaining"];

/**
 * Runs one call of a client with a `fetch` that sends at most one request. Resolves also when the client throws.
 * @throws the signal's reason when it ends the exchange.
 */
export async function exchangeOnce(
  options: ExchangeOptions,
  call: (fetchOnce: typeof fetch) => Promise<unknown>,
): Promise<Exchange> {
  const { signal, logger } = options;
  const begun = performance.now();
  let exchange: Exchange | undefined;
  const fetchOnce: typeof fetch = async (input, init) => {
    if (exchange) return new Response(null, { status: unsuccessfulStatus });
    // Set before anything is sent: a second call that comes meanwhile must not be sent either.
    exchange = { kind: "lost", reason: "the answer was not waited for" };
    exchange = await send(new URL(input instanceof Request ? input.url : input), init, options);
    return answerClient(exchange);
  };
  let clientError: unknown;
  try {
    await call(fetchOnce);
  } catch (error) {
    clientError = error;
  }
  signal?.throwIfAborted();
  const outcome: Exchange = exchange ?? { kind: "not_sent", reason: String(clientError ?? "the client sent nothing") };
  logger.debug({ ...describe(outcome), durationMs: Math.round(performance.now() - begun) }, "provider request ended");
  return outcome;
}

async function send(
  address: URL,
  { method, headers, body }: RequestInit = {},
  { origins, timeoutMs, signal }: ExchangeOptions,
): Promise<Exchange> {
  if (!isAllowedAddress(address, origins)) return { kind: "not_sent", reason: `${address.origin} is not allowed` };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetchThrough(address, {
      method,
      headers: [...new Headers(headers)],
      body: typeof body === "string" ? body : undefined,
      redirect: "manual",
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
      dispatcher: connections,
    });
    const text = (await readBody(response, maximumAnswerBytes)).toString("utf8");
    return {
      kind: "answered",
      status: response.status,
      headers: new Headers([...response.headers]),
      body: readJson(text),
    };
  } catch (error) {
    if (timeout.aborted) return { kind: "lost", reason: `no whole answer within ${timeoutMs / 1_000} s` };
    const reason = describeConnectionFailure(error);
    return { kind: isNeverSent(error) ? "not_sent" : "lost", reason };
  }
}

/** A successful answer as it was, as far as it is JSON; anything else in the one form that ends the client's call. */
function answerClient(exchange: Exchange): Response {
  if (exchange.kind !== "answered" || !isSuccess(exchange.status) || exchange.body === undefined) {
    return new Response(null, { status: unsuccessfulStatus });
  }
  return Response.json(exchange.body);
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The body of a successful answer, if it is what `schema` says; undefined otherwise. */
export function readSuccess<Schema extends z.ZodType>(exchange: Exchange, schema: Schema): z.infer<Schema> | undefined {
  if (exchange.kind !== "answered" || !isSuccess(exchange.status)) return undefined;
  return schema.safeParse(exchange.body).data;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(exchange: Exchange): object {
  if (exchange.kind !== "answered") return exchange;
  const { status, headers } = exchange;
  const noticed = noticedHeaders.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { status, headers: Object.fromEntries(noticed) };
}
