import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";

/** One event of a `text/event-stream`. */
export interface StreamedEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

const heartbeatEveryMs = 15_000;
/** How soon a client comes back after the stream broke. */
const retryAfterMs = 1_000;
/** What waits in this process for a client that does not read; one with more is cut and may resume. */
const maximumBufferedBytes = 256 * 1024;
/** A client that reads nothing for longer is cut. */
const defaultStalledAfterMs = 30_000;
/** For a client to take the last bytes of a stream that has ended. */
const endWithinMs = 2_000;

/**
 * Answers with events until they end, the client leaves or the service closes. The next event is asked for only when the
 * client has room for it, so a slow client costs one event, not a queue of them.
 */
export async function sendEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    events,
    closing,
    stalledAfterMs = defaultStalledAfterMs,
  }: {
    readonly events: (signal: AbortSignal) => AsyncIterable<StreamedEvent>;
    readonly closing: AbortSignal;
    readonly stalledAfterMs?: number;
  },
): Promise<void> {
  reply.hijack();
  const response = reply.raw;
  const ending = new AbortController();
  const end = () => ending.abort();
  response.once("close", end);
  // A write after the client left is no news: `close` tells.
  response.on("error", end);
  closing.addEventListener("abort", end, { once: true });
  if (closing.aborted) end();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) response.setHeader(name, value);
  }
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    // One that stayed open behind the last event would keep a service that closes waiting for its client.
    connection: "close",
  });
  response.write(`retry: ${retryAfterMs}\n\n`);
  const heartbeat = setInterval(() => cutOrWrite(response, ": alive\n\n"), heartbeatEveryMs);
  try {
    for await (const event of events(ending.signal)) {
      if (ending.signal.aborted) break;
      if (!(await writeWithRoom(response, frameOf(event), { signal: ending.signal, stalledAfterMs }))) break;
    }
  } catch (error) {
    // The head is sent: all that can be told is the end. The client comes back and gets the problem then.
    request.log.warn({ err: error }, "stream of events was broken");
  } finally {
    clearInterval(heartbeat);
    closing.removeEventListener("abort", end);
    endSoon(response);
  }
}

const frameOf = ({ event, id, data }: StreamedEvent): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** @returns whether there is room for more. */
function cutOrWrite(response: ServerResponse, text: string): boolean {
  if (response.destroyed || response.writableEnded) return false;
  const hasRoom = response.write(text);
  if (response.writableLength > maximumBufferedBytes) response.destroy();
  return hasRoom;
}

/** @returns whether the client is still there and read what came before. */
async function writeWithRoom(
  response: ServerResponse,
  text: string,
  { signal, stalledAfterMs }: { readonly signal: AbortSignal; readonly stalledAfterMs: number },
): Promise<boolean> {
  if (cutOrWrite(response, text)) return true;
  if (response.destroyed) return false;
  const stalled = AbortSignal.timeout(stalledAfterMs);
  const hasDrained = await once(response, "drain", { signal: AbortSignal.any([signal, stalled]) }).then(
    () => true,
    () => false,
  );
  if (stalled.aborted) response.destroy();
  return hasDrained;
}

function endSoon(response: ServerResponse): void {
  if (response.destroyed) return;
  const timer = setTimeout(() => response.destroy(), endWithinMs);
  response.once("close", () => clearTimeout(timer));
  response.once("finish", () => clearTimeout(timer));
  response.end();
}
