import { silentLogger } from "@tirage/messaging/testing";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { startOutboxRelay } from "../src/adapters/outbox-relay.ts";
import { startOrderApi, tenImages } from "./start-order-api.ts";

test("POST /v1/orders: broker down then up, accepted at once and published once it is back", async () => {
  await using api = await startOrderApi();
  await api.nats.kill9();

  const startedAt = performance.now();
  const placed = await Promise.all(Array.from({ length: 20 }, () => api.post("/v1/orders", tenImages)));
  const tookMs = performance.now() - startedAt;
  expect(placed.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 20 }, () => 201));
  expect(tookMs).toBeLessThan(2_000);
  await eventually(async () => (await api.app.inject("/readyz")).json().degraded.includes("nats"));
  expect((await api.app.inject("/readyz")).statusCode).toBe(200);
  expect((await api.app.inject("/v1/workers")).statusCode).toBe(503);

  await api.nats.restart();
  await eventually(async () => (await api.subjects()).length === 20, { timeoutMs: 30_000 });
  await eventually(async () => {
    const { rows } = await api.pool.query("SELECT count(*) AS waiting FROM outbox WHERE published_at IS NULL");
    return rows[0].waiting === 0;
  });
});

test("fault 23: POST /v1/orders: broker frozen, accepted at once and published once it thaws", async () => {
  await using api = await startOrderApi();
  await api.nats.pause();

  const startedAt = performance.now();
  const placed = await api.post("/v1/orders", tenImages);
  expect(placed.statusCode).toBe(201);
  expect(performance.now() - startedAt).toBeLessThan(1_000);

  await api.nats.resume();
  await eventually(async () => (await api.subjects()).includes(`order.created.${placed.json().id}`), {
    timeoutMs: 30_000,
  });
});

test("relay: the broker's disk was wiped before publishing, streams come back and the order is published", async () => {
  await using api = await startOrderApi();
  await api.nats.kill9();
  const { id } = (await api.post("/v1/orders", tenImages)).json();

  await api.nats.restart({ wipe: true });

  await eventually(async () => (await api.subjects()).includes(`order.created.${id}`), { timeoutMs: 30_000 });
});

test("fault 5: relay: rows that another replica holds, passed over and not waited for", async () => {
  await using api = await startOrderApi();
  await api.nats.kill9();
  const { id } = (await api.post("/v1/orders", tenImages)).json();
  const { id: held } = (await api.post("/v1/orders", tenImages)).json();
  const client = await api.pool.connect();
  await client.query("BEGIN");
  await client.query("SELECT 1 FROM outbox WHERE id = $1 FOR UPDATE", [`${held}:created`]);

  await api.nats.restart();
  await eventually(async () => (await api.subjects()).includes(`order.created.${id}`), { timeoutMs: 30_000 });
  expect(await api.subjects()).not.toContain(`order.created.${held}`);

  await client.query("COMMIT");
  client.release();
  await eventually(async () => (await api.subjects()).includes(`order.created.${held}`));
});

test("start: broker not there yet, orders are accepted and published once it comes", async () => {
  await using other = await startOrderApi();
  await other.nats.kill9();
  await using api = await startOrderApi({}, { beside: other, isBrokerThere: false });

  const { id } = (await api.post("/v1/orders", tenImages)).json();
  expect((await api.app.inject("/readyz")).json()).toEqual({ ready: true, degraded: ["nats"] });

  await other.nats.restart({ wipe: true });
  await eventually(async () => (await other.subjects()).includes(`order.created.${id}`), { timeoutMs: 30_000 });
});

test("relay: callbacks of providers older than a week are removed, younger ones stay", async () => {
  await using api = await startOrderApi();
  await api.pool.query(
    `INSERT INTO provider_callbacks (nonce, provider, request_id, received_at)
     VALUES ('old', 'fal', 'request-1', now() - interval '8 days'), ('young', 'fal', 'request-2', now() - interval '6 days')`,
  );
  const options = { pool: api.pool, broker: () => undefined, logger: silentLogger, onPublished: () => undefined };

  await using _relay = startOutboxRelay(options);

  await eventually(async () => {
    const { rows } = await api.pool.query("SELECT nonce FROM provider_callbacks");
    return rows.map(({ nonce }) => nonce).join() === "young";
  });
});
