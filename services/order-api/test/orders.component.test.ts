import { type Order, orderCompleted } from "@tirage/contracts";
import { publish } from "@tirage/messaging";
import { eventually } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function place(request: object = {}): Promise<Order> {
  const response = await api.post("/v1/orders", { ...tenImages, ...request });
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
}

/** What the aggregator does when an order ends. */
async function complete(order: Order): Promise<void> {
  await api.pool.query(
    `UPDATE orders SET status = 'completed', version = version + 1, items_pending = 0, items_completed = items_total,
       products_produced = products_requested, finished_at = now() WHERE id = $1`,
    [order.id],
  );
}

test("POST /v1/orders: ten images in batches of four, 201 with the plan and where it is", async () => {
  const response = await api.post("/v1/orders", tenImages);

  const order = response.json();
  expect(response.statusCode, response.body).toBe(201);
  expect(response.headers.location).toBe(`/v1/orders/${order.id}`);
  expect(order).toMatchObject({
    status: "pending",
    version: 0,
    plan: { generations: 3, batchSize: 4, lastBatchSize: 2, totalProducts: 10 },
    progress: { items: { total: 3, pending: 3 }, products: { requested: 10, produced: 0 } },
  });
  expect((await api.app.inject(order.urls.self)).json()).toEqual(order);
});

test("POST /v1/orders: with a seed, its items carry their own sizes and seeds", async () => {
  const order = await place({ seed: 0xffff_ffff, metadata: { customer: "42" } });

  const page = (await api.app.inject(order.urls.items)).json();
  expect(page.nextCursor).toBeNull();
  expect(page.data).toMatchObject([
    { index: 0, batchSize: 4, seed: 0xffff_ffff, status: "pending", attempt: 1 },
    { index: 1, batchSize: 4, seed: 0 },
    { index: 2, batchSize: 2, seed: 1 },
  ]);
  expect(order).toMatchObject({ seed: 0xffff_ffff, metadata: { customer: "42" } });
});

test("POST /v1/orders: accepted, order.created reaches the broker and its row is marked", async () => {
  const order = await place();

  await eventually(async () => (await api.subjects()).includes(`order.created.${order.id}`));
  await eventually(async () => {
    const { rows } = await api.pool.query("SELECT published_at FROM outbox WHERE id = $1", [`${order.id}:created`]);
    return rows[0].published_at !== null;
  });
});

test("POST /v1/orders/batch: three orders, all of them stand in one transaction", async () => {
  const orders = [
    tenImages,
    { ...tenImages, prompt: "a harbour" },
    { ...tenImages, quantity: undefined, generations: 2 },
  ];

  const response = await api.post("/v1/orders/batch", { orders });

  expect(response.statusCode, response.body).toBe(201);
  const ids = response.json().data.map(({ id }: Order) => id);
  const { rows } = await api.pool.query("SELECT DISTINCT xmin::text FROM orders WHERE id = ANY($1)", [ids]);
  expect(ids).toHaveLength(3);
  expect(rows).toHaveLength(1);
});

test("POST /v1/quotes: batch size above the model's, the plan at its maximum with a warning and nothing written", async () => {
  const before = await api.countRows();

  const response = await api.post("/v1/quotes", { ...tenImages, batchSize: 9 });

  expect(response.statusCode, response.body).toBe(200);
  const quote = response.json();
  expect(quote).toMatchObject({ generations: 3, batchSize: 4, lastBatchSize: 2, totalProducts: 10 });
  expect(quote.warnings).toHaveLength(1);
  expect(quote.estimatedCostMicroUsd).toBeGreaterThan(0);
  expect(await api.countRows()).toEqual(before);
});

test("GET /v1/orders/{id}: asked again with its ETag, 304 until it changes", async () => {
  const order = await place();
  const first = await api.app.inject(order.urls.self);
  const headers = { "if-none-match": String(first.headers.etag) };

  expect((await api.app.inject({ url: order.urls.self, headers })).statusCode).toBe(304);
  await complete(order);
  const changed = await api.app.inject({ url: order.urls.self, headers });
  expect(changed.statusCode).toBe(200);
  expect(changed.json().status).toBe("completed");
});

test("POST /v1/orders: Prefer wait and the order ends meanwhile, the ended order as soon as its message comes", async () => {
  const startedAt = performance.now();
  const posting = api.post("/v1/orders", { ...tenImages, metadata: { test: "wait" } }, { prefer: "wait=30" });
  const id = await eventually(async () => {
    const { rows } = await api.pool.query(`SELECT id FROM orders WHERE metadata @> '{"test": "wait"}'`);
    return rows[0]?.id;
  });
  const order = (await api.app.inject(`/v1/orders/${id}`)).json();
  await complete(order);
  const ended = (await api.app.inject(`/v1/orders/${id}`)).json();
  await publish(api.broker, orderCompleted.create({ orderId: id, tenantId: "local", order: ended }));

  const response = await posting;
  expect(response.statusCode).toBe(201);
  expect(response.headers["preference-applied"]).toBe("wait=30");
  expect(response.json()).toEqual(ended);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test("POST /v1/orders: Prefer wait and nothing happens, the pending order when the time is over", async () => {
  const response = await api.post("/v1/orders", tenImages, { prefer: "respond-async, wait=1" });

  expect(response.statusCode).toBe(201);
  expect(response.headers["preference-applied"]).toBe("wait=1");
  expect(response.json().status).toBe("pending");
});

test("POST /v1/orders: a Prefer that cannot be read, the answer as without it", async () => {
  const response = await api.post("/v1/orders", tenImages, { prefer: "wait=soon" });

  expect(response.statusCode).toBe(201);
  expect(response.headers["preference-applied"]).toBeUndefined();
});

test("GET /v1/orders: more than a page, every order once and newest first", async () => {
  const placed: string[] = [];
  for (let count = 0; count < 7; count += 1) placed.unshift((await place({ model: "fal-ai/flux/dev" })).id);

  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: Record<string, string> = { model: "fal-ai/flux/dev", limit: "3", ...(cursor && { cursor }) };
    const page = (await api.app.inject({ url: "/v1/orders", query })).json();
    seen.push(...page.data.map(({ id }: Order) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(placed);
});

test("GET /v1/orders: followed by the Link header alone, the same pages with the same filter", async () => {
  const model = "fal-ai/fast-sdxl";
  const placed: string[] = [];
  for (let count = 0; count < 5; count += 1) placed.unshift((await place({ model })).id);

  const seen: string[] = [];
  let url: string | undefined = `/v1/orders?limit=2&model=${encodeURIComponent(model)}`;
  while (url) {
    const { body, headers }: { body: string; headers: { link?: unknown } } = await api.app.inject(url);
    seen.push(...JSON.parse(body).data.map(({ id }: Order) => id));
    url = /^<(.+)>; rel="next"$/.exec(String(headers.link))?.[1];
  }
  expect(seen).toEqual(placed);
});

test("GET /v1/orders: by status and time, only what matches", async () => {
  const order = await place();
  await complete(order);

  const list = async (query: Record<string, string>) =>
    (await api.app.inject({ url: "/v1/orders", query })).json().data.map(({ id }: Order) => id);
  expect(await list({ status: "completed", limit: "100" })).toContain(order.id);
  expect(await list({ status: "failed" })).toEqual([]);
  expect(await list({ createdAfter: new Date(Date.parse(order.createdAt) + 60_000).toISOString() })).toEqual([]);
  expect(await list({ createdBefore: "2020-01-01T00:00:00Z" })).toEqual([]);
});

test("GET /v1/orders/{id}/items: more than a page, every item once", async () => {
  const order = await place({ quantity: undefined, batchSize: undefined, generations: 5 });

  const first = (await api.app.inject(`${order.urls.items}?limit=3`)).json();
  const second = (await api.app.inject(`${order.urls.items}?limit=3&cursor=${first.nextCursor}`)).json();
  expect([...first.data, ...second.data].map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  expect(second.nextCursor).toBeNull();
});

test("GET /v1/models: asked, the enabled providers' models with their limits", async () => {
  const { data } = (await api.app.inject("/v1/models")).json();

  expect(data.length).toBeGreaterThanOrEqual(8);
  expect(data).toContainEqual(
    expect.objectContaining({ provider: "fal", model: "fal-ai/flux/schnell", maximumBatchSize: 4 }),
  );
});

test("GET /v1/workers and /v1/queues: no other service has started, nobody and empty run queues", async () => {
  expect((await api.app.inject("/v1/workers")).json()).toEqual({ data: [] });
  const { data } = (await api.app.inject("/v1/queues")).json();
  expect(data).toContainEqual(expect.objectContaining({ name: "dispatch-fal", stream: "DISPATCH", depth: 0 }));
});

test("GET /healthz, /livez, /readyz, /metrics, /docs: asked without a key, they answer", async () => {
  await place();

  expect((await api.app.inject("/healthz")).json()).toEqual({ status: "ok" });
  expect((await api.app.inject("/livez")).json()).toEqual({ status: "ok" });
  expect((await api.app.inject("/readyz")).json()).toEqual({ ready: true, degraded: [] });
  const metrics = (await api.app.inject("/metrics")).body;
  expect(metrics).toContain("tirage_orders_accepted_total");
  expect(metrics).toContain("tirage_outbox_unpublished");
  expect(metrics).toContain("tirage_http_request_duration_seconds");
  const docs = await api.app.inject("/docs");
  expect(docs.statusCode).toBe(200);
  expect(docs.headers["content-type"]).toContain("text/html");
});

test("POST /v1/orders: Prefer wait and the service stops, the pending order at once", async () => {
  const stopping = await startOrderApi();
  const posting = stopping.post("/v1/orders", tenImages, { prefer: "wait=60" });
  await eventually(async () => (await stopping.countRows()).orders === 1);
  const startedAt = performance.now();

  await stopping[Symbol.asyncDispose]();

  expect((await posting).json().status).toBe("pending");
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
