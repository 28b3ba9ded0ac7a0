import { createHash } from "node:crypto";
import { type Order, orderUpdated, type Product } from "@tirage/contracts";
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

/** What an event says, in short. */
const tell = ({ event, data }: { event: string; data: Order & Product }) =>
  `${event} ${event === "product" ? data.index : data.version}`;

const eventsOf = (order: Order, headers: Record<string, string> = {}) =>
  followStream<Order & Product>(`${api.app.listeningOrigin}/v1/orders/${order.id}/events`, headers);

/** What the aggregator does: the row first, then the message. */
async function change(order: Order, status: "processing" | "completed", isTold = true): Promise<void> {
  const { rows } = await api.pool.query<{ version: number }>(
    `UPDATE orders SET status = $2, version = version + 1, started_at = now(), updated_at = now(),
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
  expect(stream.events[0]).toEqual({ event: "order", id: expect.any(String), data: order });
  const first = await seedProduct(api, order.id, 0);
  await change(order, "processing");
  await eventually(() => stream.events.length === 3);
  const second = await seedProduct(api, order.id, 1);
  await change(order, "completed");
  await stream.ended;

  expect(stream.events.map(tell)).toEqual(["order 0", "order 1", "product 0", "order 2", "product 1", "end 2"]);
  expect(new Set(stream.events.slice(0, -1).map(({ id }) => id)).size).toBe(5);
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
  expect(stream.events.slice(1).map(tell)).toEqual(["order 1"]);
});

test("GET /v1/orders/{id}/events: resumed at another replica after any event, only what was not told", async () => {
  const order = await place();
  await seedProduct(api, order.id, 1);
  await change(order, "processing");
  // Came later, and stands before the other in the order.
  await seedProduct(api, order.id, 0);
  await change(order, "processing");
  const all = ["order 2", "product 1", "product 0"];
  const ids: string[] = [];
  {
    await using broken = await eventsOf(order);
    await eventually(() => broken.events.length === all.length);
    expect(broken.events.map(tell)).toEqual(all);
    ids.push(...broken.events.map(({ id }) => id));
  }
  await using replica = await startOrderApi({}, { beside: api });
  const url = `${replica.app.listeningOrigin}/v1/orders/${order.id}/events`;
  for (const [place, id] of ids.entries()) {
    await using resumed = await followStream<Order & Product>(url, { "last-event-id": id });
    await eventually(() => resumed.events.length === all.length - place - 1);
    expect(resumed.events.map(tell)).toEqual(all.slice(place + 1));
  }
  await seedProduct(api, order.id, 2);
  await change(order, "completed");

  await using resumed = await followStream<Order & Product>(url, { "last-event-id": ids.at(-1) ?? "" });
  await resumed.ended;
  expect(resumed.events.map(tell)).toEqual(["order 3", "product 2", "end 3"]);
  await using again = await followStream<Order & Product>(url, { "last-event-id": resumed.events.at(-1)?.id ?? "" });
  await again.ended;
  expect(again.events.map(tell)).toEqual(["end 3"]);
});

test.each(["", "nonsense", "999.999.999"])(
  "GET /v1/orders/{id}/events: resumed from %j, which is no id of this order, everything",
  async (id) => {
    const order = await place();
    await seedProduct(api, order.id, 0);
    await change(order, "completed");

    await using stream = await eventsOf(order, { "last-event-id": id });
    await stream.ended;

    expect(stream.events.map(tell)).toEqual(["order 1", "product 0", "end 1"]);
  },
);

test("GET /v1/orders/{id}/events: nobody reads and many products come, each told once when somebody does", async () => {
  const order = await place();
  await using stream = await eventsOf(order);
  await eventually(() => stream.events.length === 1);
  for (let index = 0; index < 230; index += 1) await seedProduct(api, order.id, index, Buffer.from("x"));
  await change(order, "completed");
  await stream.ended;

  const told = stream.events.filter(({ event }) => event === "product").map(({ data }) => data.index);
  expect(told).toEqual(Array.from({ length: 230 }, (_, index) => index));
});

test("GET /v1/orders/{id}/events: nobody's order, 404 as a problem", async () => {
  const response = await api.app.inject("/v1/orders/0192c0de-0000-7000-8000-000000000000/events");

  expect(response.statusCode).toBe(404);
  expect(response.headers["content-type"]).toContain("application/problem+json");
});

const versionsOf = (stream: { readonly events: readonly { data: Order }[] }, { id }: Order) =>
  stream.events.filter(({ data }) => data.id === id).map(({ data }) => data.version);

test("GET /v1/events: two orders, their states first and every change once", async () => {
  const [quiet, busy] = [await place(), await place()];
  await using stream = await followStream<Order>(`${api.app.listeningOrigin}/v1/events`);
  await eventually(() => versionsOf(stream, busy).length === 1);

  await change(busy, "processing");
  await change(busy, "processing", false);

  await eventually(() => versionsOf(stream, busy).at(-1) === 2);
  expect(versionsOf(stream, quiet)).toEqual([0]);
  expect(versionsOf(stream, busy)).toEqual([...new Set(versionsOf(stream, busy))]);
});

const productsOf = (stream: { readonly events: readonly { event: string; data: Product }[] }, { id }: Order) =>
  stream.events.filter(({ event, data }) => event === "product" && data.orderId === id).map(({ data }) => data.index);

test("GET /v1/events: products come to old and new orders, each told once after its order, and none of before", async () => {
  const old = await place();
  await seedProduct(api, old.id, 0);
  await change(old, "processing");
  await using stream = await followStream<Order & Product>(`${api.app.listeningOrigin}/v1/events`);
  await eventually(() => versionsOf(stream, old).length === 1);

  const young = await place();
  for (const order of [old, young]) {
    await seedProduct(api, order.id, 2);
    await change(order, "processing");
    await eventually(() => productsOf(stream, order).length === 1);
    await seedProduct(api, order.id, 1);
    await change(order, "completed", false);
    await eventually(() => productsOf(stream, order).length === 2);
  }

  expect(productsOf(stream, old)).toEqual([2, 1]);
  expect(productsOf(stream, young)).toEqual([2, 1]);
  const ofYoung = stream.events.filter(({ data }) => data.id === young.id || data.orderId === young.id);
  expect(ofYoung.map(({ event }) => event).slice(-4)).toEqual(["order", "product", "order", "product"]);
});

test("GET /v1/events: resumed at another replica, the products that came meanwhile", async () => {
  const order = await place();
  await seedProduct(api, order.id, 0);
  await api.pool.query("UPDATE products SET created_at = now() - interval '1 hour' WHERE order_id = $1", [order.id]);
  await change(order, "processing");
  let lastId = "";
  {
    await using broken = await followStream<Order>(`${api.app.listeningOrigin}/v1/events`);
    await eventually(() => versionsOf(broken, order).length === 1);
    const late = await place();
    await eventually(() => versionsOf(broken, late).length === 1);
    lastId = broken.events.at(-1)?.id ?? "";
  }
  for (let index = 1; index <= 120; index += 1) await seedProduct(api, order.id, index, Buffer.from("x"));
  await change(order, "completed");

  await using replica = await startOrderApi({}, { beside: api });
  const resumedAt = { "last-event-id": lastId };
  const origin = `${replica.app.listeningOrigin}/v1/events`;
  await using resumed = await followStream<Order & Product>(origin, resumedAt);
  await using without = await followStream<Order & Product>(`${origin}?products=false`, resumedAt);
  await eventually(() => productsOf(resumed, order).length === 120);
  await eventually(() => versionsOf(without, order).length === 1);

  expect(productsOf(resumed, order)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  expect(productsOf(without, order)).toEqual([]);
});

test("GET /v1/events: resumed at another replica, what changed while nobody listened and nothing of long ago", async () => {
  const [old, busy] = [await place(), await place()];
  await api.pool.query("UPDATE orders SET updated_at = now() - interval '1 hour' WHERE id = $1", [old.id]);
  const mark = await place();
  let lastId = "";
  {
    await using broken = await followStream<Order>(`${api.app.listeningOrigin}/v1/events`);
    await eventually(() => versionsOf(broken, mark).length === 1);
    const late = await place();
    await eventually(() => versionsOf(broken, late).length === 1);
    lastId = broken.events.at(-1)?.id ?? "";
  }
  await change(busy, "completed");

  await using replica = await startOrderApi({}, { beside: api });
  await using resumed = await followStream<Order>(`${replica.app.listeningOrigin}/v1/events`, {
    "last-event-id": lastId,
  });
  await eventually(() => versionsOf(resumed, busy).length === 1);
  expect(versionsOf(resumed, busy)).toEqual([1]);
  await change(old, "processing");
  await eventually(() => versionsOf(resumed, old).length === 1);
  // Its state of an hour ago was told before the break.
  expect(versionsOf(resumed, old)).toEqual([1]);
});

test("events: another tenant's order, 404 and not among all orders", async () => {
  const hash = (key: string) => createHash("sha256").update(key).digest("hex");
  const keys = `one:${hash("one-key")},two:${hash("two-key")}`;
  await using guarded = await startOrderApi({ AUTH: "api-key", API_KEYS: keys }, { beside: api });
  const [one, two] = ["one-key", "two-key"].map((key) => ({ authorization: `Bearer ${key}` }));
  const order: Order = (await guarded.post("/v1/orders", tenImages, one)).json();

  const refused = await guarded.app.inject({ url: `/v1/orders/${order.id}/events`, headers: two ?? {} });
  const own: Order = (await guarded.post("/v1/orders", tenImages, two)).json();
  await using stream = await followStream<Order & Product>(`${guarded.app.listeningOrigin}/v1/events`, two);
  await eventually(() => stream.events.length > 0);

  expect(refused.statusCode).toBe(404);
  expect(stream.events.map(({ data }) => data.id)).toEqual([own.id]);
});

/** What `DELETE` does, by hand where nobody is to be told. */
async function removeSilently(orderId: string): Promise<void> {
  await api.pool.query("DELETE FROM orders WHERE id = $1", [orderId]);
  await api.pool.query("INSERT INTO deleted_orders (id, tenant_id, storage_keys) VALUES ($1, 'local', '{}')", [
    orderId,
  ]);
}
const deletionOf = (stream: { readonly events: readonly { event: string; data: Order }[] }, { id }: Order) =>
  stream.events.filter(({ event, data }) => event === "deleted" && data.id === id).map(({ data }) => data);

test("GET /v1/events: an order is deleted, told at once and once, to who resumes, too", async () => {
  const order = await place();
  await change(order, "completed");
  await using stream = await followStream<Order>(`${api.app.listeningOrigin}/v1/events`);
  await eventually(() => versionsOf(stream, order).length === 1);
  const before = stream.events.at(-1)?.id ?? "";

  const answer = await api.app.inject({ method: "DELETE", url: `/v1/orders/${order.id}` });
  const answeredAt = performance.now();
  await eventually(() => deletionOf(stream, order).length === 1);

  expect(answer.statusCode).toBe(204);
  // Without the hint it is noticed by the next look, after up to 2 s.
  expect(performance.now() - answeredAt).toBeLessThan(1_000);
  expect(deletionOf(stream, order)).toEqual([{ id: order.id, deletedAt: expect.any(String) }]);
  const mark = await place();
  await removeSilently(mark.id);
  await eventually(() => deletionOf(stream, mark).length === 1);
  expect(deletionOf(stream, order)).toHaveLength(1);
  await using replica = await startOrderApi({}, { beside: api });
  const url = `${replica.app.listeningOrigin}/v1/events`;
  await using resumed = await followStream<Order>(url, { "last-event-id": before });
  await eventually(() => deletionOf(resumed, mark).length === 1);
  expect(deletionOf(resumed, order)).toHaveLength(1);
});

test("GET /v1/orders/{id}/events: the order is deleted, told as the last event, and 404 that says so afterwards", async () => {
  const order = await place();
  await using stream = await eventsOf(order);
  await eventually(() => stream.events.length === 1);

  await removeSilently(order.id);
  await stream.ended;

  expect(stream.events.map(({ event }) => event)).toEqual(["order", "deleted"]);
  expect(stream.events.at(-1)?.data).toEqual({ id: order.id, deletedAt: expect.any(String) });
  const again = await api.app.inject(`/v1/orders/${order.id}/events`);
  expect([again.statusCode, again.json().type]).toEqual([404, "/problems/order-deleted"]);
});

test("events: the service closes, the streams end", async () => {
  const order = await place();
  const replica = await startOrderApi({}, { beside: api });
  await using stream = await followStream<Order & Product>(
    `${replica.app.listeningOrigin}/v1/orders/${order.id}/events`,
  );
  await eventually(() => stream.events.length === 1);

  await replica[Symbol.asyncDispose]();

  await stream.ended;
});
