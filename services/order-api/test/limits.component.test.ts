import { once } from "node:events";
import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { startOrderApi, tenImages } from "./start-order-api.ts";

test("GET /v1/models: more requests than the limit, 429 that says when to come back", async () => {
  await using api = await startOrderApi({ RATE_LIMIT_PER_MINUTE: "2" });

  const first = await api.app.inject("/v1/models");
  await api.app.inject("/v1/models");
  const refused = await api.app.inject("/v1/models");

  expect(first.headers).toMatchObject({ "ratelimit-limit": "2", "ratelimit-remaining": "1" });
  expect(refused.statusCode).toBe(429);
  expect(refused.headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(refused.json()).toMatchObject({ type: "/problems/too-many-requests", status: 429 });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect((await api.app.inject("/healthz")).statusCode).toBe(200);
});

test("POST /v1/orders: no room in the queue, 503 and nothing written until there is", async () => {
  await using api = await startOrderApi({ QUEUE_LIMIT: "5" });
  expect((await api.post("/v1/orders", tenImages)).statusCode).toBe(201);

  const refused = await api.post("/v1/orders", tenImages);
  expect(refused.statusCode).toBe(503);
  expect(refused.json()).toMatchObject({ type: "/problems/queue-full" });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect(await api.countRows()).toMatchObject({ orders: 1, outbox: 1 });

  await api.pool.query("UPDATE orders SET status = 'completed', items_pending = 0");
  await eventually(async () => (await api.post("/v1/orders", tenImages)).statusCode === 201);
});

test("POST /v1/orders: more than the queue ever holds, 400 that says how much it holds and no advice to come back", async () => {
  await using api = await startOrderApi({ QUEUE_LIMIT: "2" });

  const lone = await api.post("/v1/orders", tenImages);
  const batch = await api.post("/v1/orders/batch", { orders: [tenImages] });

  for (const [response, pointer] of [
    [lone, ""],
    [batch, "/orders"],
  ] as const) {
    expect(response.statusCode).toBe(400);
    expect(response.headers["retry-after"]).toBeUndefined();
    expect(response.json()).toMatchObject({ type: "/problems/validation", errors: [{ pointer }] });
    expect(response.json().detail).toContain("at most 2 wait");
  }
});

test("fault 30: POST /v1/orders: database away, 503 without a word of our inside; back again, 201", async () => {
  await using api = await startOrderApi();
  await using wire = await openWire(new URL(api.config.DATABASE_URL));
  await using behindWire = await startOrderApi({ DATABASE_URL: wire.url }, { beside: api });
  expect((await behindWire.post("/v1/orders", tenImages)).statusCode).toBe(201);

  await wire.cut();
  const refused = await behindWire.post("/v1/orders", tenImages);
  const unread = await behindWire.app.inject("/v1/orders");
  const unready = await behindWire.app.inject("/readyz");

  for (const response of [refused, unread, unready]) {
    expect(response.statusCode, response.body).toBe(503);
    expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(response.json().type).toBe("/problems/unavailable");
    expect(Number(response.headers["retry-after"])).toBeGreaterThan(0);
    expect(response.body).not.toMatch(/ECONN|\.ts:\d|127\.0\.0\.1/);
  }
  expect(unready.json().detail).toContain("database");
  expect(await api.countRows()).toMatchObject({ orders: 1, items: 3 });

  await wire.mend();
  await eventually(async () => (await behindWire.post("/v1/orders", tenImages)).statusCode === 201);
  expect((await behindWire.app.inject("/readyz")).statusCode).toBe(200);
});

/** A connection to Postgres that can be cut: the server goes on, and nothing reaches it. */
async function openWire(database: URL) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = tcpConnect(Number(database.port), database.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const url = new URL(database);
  url.host = `127.0.0.1:${port}`;
  const cut = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: url.href, cut, mend: () => listen(port), [Symbol.asyncDispose]: cut };
}
