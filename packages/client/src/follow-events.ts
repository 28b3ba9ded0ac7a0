import { parseEventStream } from "./parse-event-stream.ts";
import { TirageConnectionError, TirageProblem } from "./problem.ts";
import { isRetryable, pause, retryDelayMs } from "./retry-policy.ts";
import type { Transport } from "./transport.ts";
import type { Order, OrderDeletedEvent, OrderEvent, OrdersEvent, Product } from "./types.ts";

/** Three heartbeats of the server: a stream that is silent for longer is taken for dead. */
const longestSilenceMs = 45_000;
/** In a row, without an event in between: about five minutes. */
const attemptsInVain = 30;

export interface FollowOptions {
  /** Ends the loop with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** The id of the last event that was heard: only what came after it is told. */
  readonly lastEventId?: string | undefined;
  /** A stream that says nothing, not even a heartbeat, for longer is opened anew; 45 s when not given. */
  readonly silenceMs?: number | undefined;
  /** Told each time a stream is open, and each time it is lost and will be opened anew. */
  readonly onConnection?: ((state: "open" | "lost") => void) | undefined;
}

/** One event of a stream as the API sends it. */
type ApiEvent = { readonly event: OrderEvent; readonly id: string | undefined };

/**
 * The events of an order until its end, or until it is deleted: opens the stream anew when it breaks, from the last event
 * heard, and tells each product once though the server may tell it again.
 */
export async function* followEvents(
  transport: Transport,
  orderId: string,
  options: FollowOptions,
): AsyncGenerator<OrderEvent, void, undefined> {
  const told = new Set<string>();
  for await (const event of followStream(transport, `/v1/orders/${encodeURIComponent(orderId)}/events`, options)) {
    if (event.type === "product") {
      if (told.has(event.product.id)) continue;
      told.add(event.product.id);
    }
    yield event;
    if (event.type === "end" || event.type === "deleted") return;
  }
}

export interface FollowAllOptions extends FollowOptions {
  /** `false` leaves the products out, for who wants the orders alone. */
  readonly products?: boolean | undefined;
}

/**
 * Every order as it changes, the newest hundred first, each product that comes after that, and each order that is
 * deleted, without an end. A stream that breaks is opened anew, and may then tell again what it told in the last seconds.
 */
export async function* followOrders(
  transport: Transport,
  { products = true, ...options }: FollowAllOptions,
): AsyncGenerator<OrdersEvent, void, undefined> {
  for await (const event of followStream(transport, products ? "/v1/events" : "/v1/events?products=false", options)) {
    if (event.type !== "end") yield event;
  }
}

async function* followStream(
  transport: Transport,
  path: string,
  { signal, lastEventId, silenceMs = longestSilenceMs, onConnection }: FollowOptions,
): AsyncGenerator<OrderEvent, void, undefined> {
  let lastId = lastEventId;
  for (let inVain = 1; ; inVain += 1) {
    let failure: unknown;
    const onOpen = () => onConnection?.("open");
    try {
      for await (const { event, id } of openStream(transport, path, {
        signal,
        lastEventId: lastId,
        silenceMs,
        onOpen,
      })) {
        inVain = 0;
        lastId = id ?? lastId;
        yield event;
      }
    } catch (thrown) {
      signal?.throwIfAborted();
      if (thrown instanceof TirageProblem && !isRetryable(thrown)) throw thrown;
      failure = thrown;
    }
    const retryAfterMs = failure instanceof TirageProblem ? failure.retryAfterMs : undefined;
    const delayMs = retryDelayMs(Math.max(1, inVain), retryAfterMs, Math.random());
    if (inVain >= attemptsInVain || delayMs === undefined) {
      throw new TirageConnectionError(`the events of ${path} cannot be followed`, { cause: failure });
    }
    onConnection?.("lost");
    await pause(delayMs, signal);
  }
}

async function* openStream(
  transport: Transport,
  path: string,
  {
    signal,
    lastEventId,
    silenceMs,
    onOpen,
  }: Pick<FollowOptions, "signal" | "lastEventId"> & { readonly silenceMs: number; readonly onOpen: () => void },
): AsyncGenerator<ApiEvent, void, undefined> {
  const silence = new AbortController();
  const fallSilent = () => silence.abort(new DOMException("the stream fell silent", "TimeoutError"));
  let timer = setTimeout(fallSilent, silenceMs);
  const hear = () => {
    clearTimeout(timer);
    timer = setTimeout(fallSilent, silenceMs);
  };
  try {
    const headers = { accept: "text/event-stream", ...(lastEventId !== undefined && { "last-event-id": lastEventId }) };
    const ending = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
    const response = await transport.open({ method: "GET", path, headers }, ending);
    if (!response.body) return;
    onOpen();
    for await (const { event, data, id } of parseEventStream(readChunks(response.body), hear)) {
      const read = readEvent(event, data);
      if (read) yield { event: read, id };
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** Not every browser lets a stream be looped over. */
async function* readChunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Events of a later server, which this client does not know, are passed over. */
function readEvent(event: string, data: string): OrderEvent | undefined {
  if (event === "order" || event === "end") return { type: event, order: JSON.parse(data) as Order };
  if (event === "product") return { type: event, product: JSON.parse(data) as Product };
  if (event === "deleted") return { type: event, deletion: JSON.parse(data) as OrderDeletedEvent["deletion"] };
  return undefined;
}
