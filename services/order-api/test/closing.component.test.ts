/** The service stops while clients hold connections to it. */
import { once } from "node:events";
import { connect } from "node:net";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { startOrderApi, tenImages } from "./start-order-api.ts";

/** Less than any timeout of a connection. */
const soonMs = 15_000;

async function millisecondsOf(work: () => PromiseLike<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return performance.now() - begunAt;
}

test("close: a request waits for its order on a connection that its client would keep, answered and closed soon", async () => {
  const api = await startOrderApi();
  const waiting = fetch(`${api.app.listeningOrigin}/v1/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", prefer: "wait=60" },
    body: JSON.stringify(tenImages),
  });
  await eventually(async () => (await api.countRows()).orders === 1);

  const tookMs = await millisecondsOf(() => api[Symbol.asyncDispose]());

  const answer = await waiting;
  expect([answer.status, answer.headers.get("connection")]).toEqual([201, "close"]);
  await answer.arrayBuffer();
  expect(tookMs).toBeLessThan(soonMs);
});

test("close: a client has connected and asked nothing, cut off and closed soon", async () => {
  const api = await startOrderApi();
  using resources = new DisposableStack();
  const { hostname, port } = new URL(api.app.listeningOrigin);
  const socket = resources.adopt(connect(Number(port), hostname), (opened) => opened.destroy());
  const cut = once(socket, "close");
  const [[accepted]] = await Promise.all([once(api.app.server, "connection"), once(socket, "connect")]);

  const tookMs = await millisecondsOf(() => api[Symbol.asyncDispose]());

  await cut;
  expect(accepted.destroyed).toBe(true);
  expect(tookMs).toBeLessThan(soonMs);
});
