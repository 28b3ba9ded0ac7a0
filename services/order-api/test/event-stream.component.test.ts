/** What a client that does not read costs, over a real socket. */
import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { eventually } from "@tirage/testkit";
import Fastify from "fastify";
import { expect, test, vi } from "vitest";
import { allowEventStreams, sendEventStream } from "../src/plugins/event-stream.ts";

const data = "x".repeat(60_000);

/** A server that always has another event, how many it was asked for, and a socket that asked and does not read. */
async function startStalled(stalledAfterMs: number) {
  const resources = new AsyncDisposableStack();
  const app = Fastify();
  resources.defer(() => app.close());
  const closing = new AbortController();
  resources.defer(() => closing.abort());
  const state = { asked: 0, hasEnded: false, mostUnreadBytes: 0 };
  async function* events() {
    try {
      while (true) {
        state.asked += 1;
        yield { event: "order", id: String(state.asked), data };
        await nextTurn();
      }
    } finally {
      state.hasEnded = true;
    }
  }
  await allowEventStreams(app);
  app.get("/", { sse: "manual" }, async (request, reply) => {
    const write = reply.raw.write.bind(reply.raw);
    reply.raw.write = (chunk: string) => {
      const hasRoom = write(chunk);
      state.mostUnreadBytes = Math.max(state.mostUnreadBytes, reply.raw.writableLength);
      return hasRoom;
    };
    await sendEventStream(request, reply, { events, closing: closing.signal, stalledAfterMs });
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(app.listeningOrigin).port) });
  socket.on("error", () => undefined);
  resources.defer(() => void socket.destroy());
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  return { state, socket, closing, app, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** Once the socket's buffers in the kernel are full, nothing more is asked for. */
async function waitUntilFull(state: { readonly asked: number }): Promise<number> {
  let before = -1;
  await eventually(() => {
    const isFull = state.asked > 1 && state.asked === before;
    before = state.asked;
    return isFull;
  });
  return before;
}

test("a stream of events: the client stops reading and comes back, no event is made for it meanwhile", async () => {
  await using stalled = await startStalled(30_000);
  const { state, socket } = stalled;
  const asked = await waitUntilFull(state);

  for (let turn = 0; turn < 1_000; turn += 1) await nextTurn();
  expect(state.asked).toBe(asked);
  expect(state.hasEnded).toBe(false);

  socket.resume();
  await eventually(() => state.asked > asked + 10);
  // One event, and what the response takes before it says that it is full.
  expect(state.mostUnreadBytes).toBeLessThan(256 * 1024);
});

test("fault 43: a stream of events: the client reads nothing for too long, cut", async () => {
  await using stalled = await startStalled(200);

  await eventually(() => stalled.state.hasEnded);
});

test("a stream of events: the client stops reading and leaves, the events end with it", async () => {
  await using stalled = await startStalled(30_000);
  await waitUntilFull(stalled.state);

  stalled.socket.destroy();

  await eventually(() => stalled.state.hasEnded);
});

test("a stream of events: the client stops reading and the service closes, it does not wait for the client", async () => {
  await using stalled = await startStalled(30_000);
  await waitUntilFull(stalled.state);

  stalled.closing.abort();

  await stalled.app.close();
  await eventually(() => stalled.state.hasEnded);
});

test("a stream of events: nothing happens for 15 seconds, a comment tells that it is alive", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  await using resources = new AsyncDisposableStack();
  resources.defer(() => void vi.useRealTimers());
  const app = Fastify();
  resources.defer(() => app.close());
  const closing = new AbortController();
  resources.defer(() => closing.abort());
  async function* events(signal: AbortSignal) {
    if (!signal.aborted) await once(signal, "abort");
    yield* [];
  }
  await allowEventStreams(app);
  app.get("/", { sse: "manual" }, (request, reply) =>
    sendEventStream(request, reply, { events, closing: closing.signal }),
  );
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { body } = await fetch(app.listeningOrigin);
  const chunks = body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await chunks?.read())?.value).toBe("retry: 1000\n\n");

  vi.advanceTimersByTime(15_000);

  expect((await chunks?.read())?.value).toBe(": heartbeat\n\n");
});
