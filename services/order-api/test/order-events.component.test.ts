import { createHash } from "node:crypto";
import { type Order, orderUpdated } from "@tirage/contracts";
import { publish } from "@tirage/messaging";
import { eventually } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { followStream } from "./follow-stream.ts";
import { seedProduct } from "./seed-product.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function place(): Promise<Order> {
  const response = await api.post("/v1/orders", tenImages);
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
}

const eventsOf = (order: Order, headers: Record<string, string> = {}) =>
  followStream(`${api.app.listeningOrigin}/v1/orders/${order.id}/events`, headers);

/** What the aggregator does: the row first, then the message. */
async function change(order: Order, status: "processing" | "completed", isTold = true): Promise<void> {
  const { rows } = await api.pool.query<{ version: number }>(
    `UPDATE orders SET status = $2, version = version + 1, started_at = now(),
       products_produced = (SELECT count(*) FROM products WHERE order_id = orders.id),
       items_pending = CASE WHEN $2 = 'completed' THEN 0 ELSE items_pending END,
       items_completed = CASE WHEN $2 = 'completed' THEN items_total ELSE 0 END,
       finished_at = CASE WHEN $2 = 'completed' THEN now() END
     WHERE id = $1 RETURNING version`,
    [order.id, status],
  );
  const version = rows[0]?.version ?? 0;
  const { progress } = order;
  const update = { orderId: order.id, tenantId: "local", version, status, partial: false, progress };
  if (isTold) await publish(api.broker, orderUpdated.create(update));
}

test("GET /v1/orders/{id}/events: an order from its start to its end, its state, every change, each product once, the end", async () => {
  const order = await place();
  await using stream = await eventsOf(order);

  expect(stream.headers.get("content-type")).toContain("text/event-stream");
  expect(stream.headers.get("content-security-policy")).not.toBeNull();
  await eventually(() => stream.events.length === 1);
  expect(stream.events[0]).toEqual({ event: "order", id: "0", data: order });
  const first = await seedProduct(api, order.id, 0);
  await change(order, "processing");
  await eventually(() => stream.events.length === 3);
  const second = await seedProduct(api, order.id, 1);
  await change(order, "completed");
  await stream.ended;

  expect(stream.events.map(({ event, id }) => `${event} ${id}`)).toEqual([
    "order 0",
    "order 1",
    "product 1",
    "order 2",
    "product 2",
    "end 2",
  ]);
  const products = stream.events.filter(({ event }) => event === "product").map(({ data }) => data.id);
  expect(products).toEqual([first.id, second.id]);
  expect(stream.events.at(-1)?.data).toMatchObject({ id: order.id, status: "completed", version: 2 });
});

test("GET /v1/orders/{id}/events: the hint of a change is lost, told by the next look", async () => {
  const order = await place();
  await using stream = await eventsOf(order);
  await eventually(() => stream.events.length === 1);

  await change(order, "processing", false);

  await eventually(() => stream.events.length === 2);
  expect(stream.events[1]).toMatchObject({ event: "order", id: "1" });
});

test("GET /v1/orders/{id}/events: resumed at another replica after a break, the newest state, the products and the end", async () => {
  const order = await place();
  const product = await seedProduct(api, order.id);
  await change(order, "processing");
  {
    await using broken = await eventsOf(order);
    await eventually(() => broken.events.length === 2);
  }
  await using replica = await startOrderApi({}, { beside: api });
  await change(order, "completed");

  const url = `${replica.app.listeningOrigin}/v1/orders/${order.id}/events`;
  await using resumed = await followStream(url, { "last-event-id": "1" });
  await resumed.ended;

  expect(resumed.events.map(({ event, id }) => `${event} ${id}`)).toEqual(["order 2", "product 2", "end 2"]);
  expect(resumed.events[1]?.data.id).toBe(product.id);
});

test("GET /v1/orders/{id}/events: nobody's order, 404 as a problem", async () => {
  const response = await api.app.inject("/v1/orders/0192c0de-0000-7000-8000-000000000000/events");

  expect(response.statusCode).toBe(404);
  expect(response.headers["content-type"]).toContain("application/problem+json");
});

test("GET /v1/events: two orders, their states first and every change", async () => {
  const [quiet, busy] = [await place(), await place()];
  await using stream = await followStream(`${api.app.listeningOrigin}/v1/events`);
  await eventually(() => stream.events.some(({ id }) => id === `${busy.id}:0`));

  await change(busy, "processing");

  await eventually(() => stream.events.some(({ id }) => id === `${busy.id}:1`));
  const ids = stream.events.map(({ id }) => id);
  expect(ids).toContain(`${quiet.id}:0`);
  expect(new Set(ids).size).toBe(ids.length);
});

test("events: another tenant's order, 404 and not among all orders", async () => {
  const hash = (key: string) => createHash("sha256").update(key).digest("hex");
  const keys = `one:${hash("one-key")},two:${hash("two-key")}`;
  await using guarded = await startOrderApi({ AUTH: "api-key", API_KEYS: keys }, { beside: api });
  const [one, two] = ["one-key", "two-key"].map((key) => ({ authorization: `Bearer ${key}` }));
  const order: Order = (await guarded.post("/v1/orders", tenImages, one)).json();

  const refused = await guarded.app.inject({ url: `/v1/orders/${order.id}/events`, headers: two ?? {} });
  const own: Order = (await guarded.post("/v1/orders", tenImages, two)).json();
  await using stream = await followStream(`${guarded.app.listeningOrigin}/v1/events`, two);
  await eventually(() => stream.events.length > 0);

  expect(refused.statusCode).toBe(404);
  expect(stream.events.map(({ data }) => data.id)).toEqual([own.id]);
});

test("events: the service closes, the streams end", async () => {
  const order = await place();
  const replica = await startOrderApi({}, { beside: api });
  await using stream = await followStream(`${replica.app.listeningOrigin}/v1/orders/${order.id}/events`);
  await eventually(() => stream.events.length === 1);

  await replica[Symbol.asyncDispose]();

  await stream.ended;
});
