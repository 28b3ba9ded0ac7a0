/** What people look into: the timeline and cost of an item, the time an order would take, health. */
import type { Health, Item, Order, Quote } from "@tirage/contracts";
import { itemIdOf } from "@tirage/contracts";
import { announcePresence } from "@tirage/messaging";
import { eventually } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedProduct } from "./seed-product.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
let order: Order;
beforeAll(async () => {
  api = await startOrderApi();
  order = (await api.post("/v1/orders", tenImages)).json();
  await completeFirstItem(order.id);
});
afterAll(() => api[Symbol.asyncDispose]());

const at = (seconds: number) => `2026-01-05T09:00:${String(seconds).padStart(2, "0")}.000Z`;

/** As generator and aggregator leave an item behind: its call in the ledger, its row, one product. */
async function completeFirstItem(orderId: string): Promise<void> {
  const itemId = itemIdOf(orderId, 0);
  const payload = { costMicroUsd: 12_000, timings: { submitMs: 100, waitMs: 2_000, storeMs: 500 } };
  await api.pool.query(
    `INSERT INTO provider_calls (item_id, attempt, provider, nonce, state, submits, request_id, result, created_at,
       submit_started_at, finished_at)
     VALUES ($1, 1, 'fal', 'nonce-of-the-first-item', 'finished', 2, 'request-1', $2, $3, $4, $5)`,
    [itemId, { type: "tirage.item.completed.v1", payload }, at(1), at(2), at(6)],
  );
  await api.pool.query(
    `UPDATE order_items SET status = 'completed', produced = 4, worker_id = 'worker-1',
       provider_request_id = 'request-1', started_at = $2, stored_at = $3, finished_at = $3 WHERE id = $1`,
    [itemId, at(3), at(5)],
  );
  await seedProduct(api, orderId, 0);
}

test("GET /v1/orders/{id}/items: one that was made and one that waits, the times and cost that were recorded", async () => {
  const [made, waiting]: Item[] = (await api.app.inject(order.urls.items)).json().data;

  expect(made).toMatchObject({ submits: 2, costMicroUsd: 12_000 });
  expect(made?.timeline).toEqual({
    createdAt: order.createdAt,
    claimedAt: at(1),
    submittedAt: at(2),
    acceptedAt: at(3),
    generatedAt: "2026-01-05T09:00:04.500Z",
    storedAt: at(5),
    finishedAt: at(5),
  });
  const { createdAt, ...later } = waiting?.timeline ?? {};
  expect(createdAt).toBe(order.createdAt);
  expect(new Set(Object.values(later))).toEqual(new Set([null]));
  expect(waiting).toMatchObject({ submits: 0, costMicroUsd: null });
});

test("GET /v1/orders/{id}/products: a product, with who made it and how long it took", async () => {
  const [product] = (await api.app.inject(order.urls.products)).json().data;

  expect(product).toMatchObject({
    provider: "fal",
    model: tenImages.model,
    workerId: "worker-1",
    providerRequestId: "request-1",
    durationMs: 2_000,
  });
});

test("GET /v1/orders/{id}: asked, its cost and where its parts and actions are", async () => {
  const shown: Order = (await api.app.inject(order.urls.self)).json();

  expect(shown.cost.estimatedMicroUsd).toBeGreaterThan(0);
  expect(shown.cost.actualMicroUsd).toBe(0);
  expect(shown.urls).toMatchObject({
    archive: `/v1/orders/${order.id}/archive`,
    events: `/v1/orders/${order.id}/events`,
  });
});

test("POST /v1/quotes: a worker is there and the model was used, when an order would end", async () => {
  const worker = { service: "generator", id: "worker-1", version: "1.2.3", startedAt: at(0), slots: 4 };
  await using _presence = announcePresence(api.broker, () => worker);

  await eventually(
    async () => {
      const quote: Quote = (await api.post("/v1/quotes", tenImages)).json();
      expect(quote.estimatedTime).toEqual({
        waitingGenerations: 3,
        medianGenerationMs: 2_000,
        slots: 4,
        durationMs: 4_000,
      });
      return true;
    },
    { timeoutMs: 20_000 },
  );
});

test("GET /v1/health: asked, every service with its replicas and what it depends on", async () => {
  const worker = { service: "generator", id: "worker-1", version: "1.2.3", startedAt: at(0) };
  await using _presence = announcePresence(api.broker, () => worker);

  await eventually(async () => {
    const health: Health = (await api.app.inject("/v1/health")).json();
    expect(health.services?.map(({ service, replicas }) => [service, replicas.map(({ version }) => version)])).toEqual([
      ["order-api", ["0.0.0"]],
      ["dispatcher", []],
      ["generator", ["1.2.3"]],
      ["status-aggregator", []],
    ]);
    expect(health.status).toBe("degraded");
    expect(health.traceUrlTemplate).toBeNull();
    expect(health.dependencies.map(({ name, reachable }) => [name, reachable])).toEqual([
      ["database", true],
      ["broker", true],
      ["store", true],
    ]);
    expect(health.dependencies[0]?.version).toMatch(/^\d+/);
    return true;
  });
});
