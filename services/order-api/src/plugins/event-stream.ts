import type { ServerResponse } from "node:http";
import { fastifySSE, type SSEMessage } from "@fastify/sse";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const heartbeatEveryMs = 15_000;
/** How soon a client comes back after the stream broke. */
const retryAfterMs = 1_000;
/** A client that has not read an event for so long is cut. */
const defaultStalledAfterMs = 30_000;
/** For a client to take the last bytes of a stream that has ended. */
const endWithinMs = 2_000;

/** For routes that are registered after it. */
export async function allowEventStreams(app: FastifyInstance): Promise<void> {
  await app.register(fastifySSE, { heartbeatInterval: heartbeatEveryMs });
}

/**
 * Answers with events until they end, the client leaves or the service closes; of a route with `sse: "manual"`. The next
 * event is asked for only when the client has room for it, so a slow client costs one event, not a queue of them.
 */
export async function sendEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    events,
    closing,
    stalledAfterMs = defaultStalledAfterMs,
  }: {
    readonly events: (signal: AbortSignal) => AsyncIterable<SSEMessage>;
    readonly closing: AbortSignal;
    readonly stalledAfterMs?: number;
  },
): Promise<void> {
  const { raw: response, sse } = reply;
  if (!sse.isConnected) return;
  const ending = new AbortController();
  sse.onClose(() => {
    ending.abort();
    response.setTimeout(endWithinMs);
    // While the library waits for room, it does not hear that the stream is over.
    response.emit("drain");
  });
  closing.addEventListener("abort", () => sse.close(), { signal: ending.signal });
  if (closing.aborted) ending.abort();
  // One that stayed open behind the last event would keep a service that closes waiting for its client.
  reply.header("connection", "close").header("cache-control", "no-store");
  try {
    await sse.send(cutWhenStalled(events(ending.signal), response, stalledAfterMs));
  } catch (error) {
    // The head is sent: all that can be told is the end. The client comes back and gets the problem then.
    request.log.warn({ err: error }, "stream of events was broken");
  }
}

/** The next event is asked for when the client has taken the one before. */
async function* cutWhenStalled(
  events: AsyncIterable<SSEMessage>,
  response: ServerResponse,
  stalledAfterMs: number,
): AsyncGenerator<SSEMessage, void, undefined> {
  yield { data: undefined, retry: retryAfterMs };
  for await (const event of events) {
    const timer = setTimeout(() => response.destroy(), stalledAfterMs);
    try {
      yield event;
    } finally {
      clearTimeout(timer);
    }
  }
}
