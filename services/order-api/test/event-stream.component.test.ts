/** What a client that does not read costs, over a real socket. */
import { connect } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { eventually } from "@tirage/testkit";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { sendEventStream } from "../src/plugins/event-stream.ts";

const data = "x".repeat(60_000);

/** A server that always has another event, how many it was asked for, and a socket that asked and does not read. */
async function startStalled(stalledAfterMs: number) {
  const resources = new AsyncDisposableStack();
  const app = Fastify();
  resources.defer(() => app.close());
  const closing = new AbortController();
  resources.defer(() => closing.abort());
  const state = { asked: 0, hasEnded: false };
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
  app.get("/", (request, reply) =>
    sendEventStream(request, reply, { events, closing: closing.signal, stalledAfterMs }),
  );
  await app.listen({ host: "127.0.0.1", port: 0 });
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(app.listeningOrigin).port) });
  socket.on("error", () => undefined);
  resources.defer(() => void socket.destroy());
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  return { state, socket, [Symbol.asyncDispose]: () => resources.disposeAsync() };
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
});

test("fault 43: a stream of events: the client reads nothing for too long, cut", async () => {
  await using stalled = await startStalled(200);

  await eventually(() => stalled.state.hasEnded);
});
