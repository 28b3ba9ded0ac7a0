import type { Order } from "@tirage/contracts";
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

/** What the aggregator does when the first item of three completes, the second fails and the third is cancelled. */
async function endPartly({ id }: Order, attempt = 1): Promise<void> {
  await api.pool.query(
    `UPDATE order_items SET attempt = $2, produced = CASE index WHEN 0 THEN 4 ELSE 0 END,
       status = CASE index WHEN 0 THEN 'completed' WHEN 1 THEN 'failed' ELSE 'cancelled' END WHERE order_id = $1`,
    [id, attempt],
  );
  await api.pool.query(
    `UPDATE orders SET status = 'completed', partial = true, items_pending = 0, items_completed = 1, items_failed = 1,
       items_cancelled = 1, products_produced = 4, finished_at = now() WHERE id = $1`,
    [id],
  );
}

const retry = ({ id }: Pick<Order, "id">) => api.app.inject({ method: "POST", url: `/v1/orders/${id}/retry` });

async function readRequests({ id }: Order) {
  const { rows } = await api.pool.query(
    `SELECT request.kind, request.attempt, request.indexes, outbox.body::jsonb AS message
     FROM order_requests AS request LEFT JOIN outbox ON outbox.id = $2 || ':' || request.attempt
     WHERE request.order_id = $1`,
    [id, `${id}:retry_requested`],
  );
  return rows;
}

test("POST /v1/orders/{id}/retry: an order that ended partial, 202 and its failed and cancelled items asked for", async () => {
  const order = await place();
  await endPartly(order);

  const response = await retry(order);

  expect(response.statusCode, response.body).toBe(202);
  expect(response.json()).toMatchObject({ id: order.id, partial: true });
  const asked = { attempt: 2, indexes: [1, 2] };
  expect(await readRequests(order)).toEqual([{ kind: "retry", ...asked, message: { orderId: order.id, ...asked } }]);
  await eventually(async () => (await api.subjects()).includes(`order.retry_requested.${order.id}`));
});

test("POST /v1/orders/{id}/retry: ten times at once and again before it is taken up, one retry", async () => {
  const order = await place();
  await endPartly(order);

  const responses = await Promise.all(Array.from({ length: 10 }, () => retry(order)));
  responses.push(await retry(order));

  expect(responses.map(({ statusCode }) => statusCode)).toEqual(Array(11).fill(202));
  expect(await readRequests(order)).toHaveLength(1);
});

test("POST /v1/orders/{id}/retry: after a retry that failed again and a later cancel, the next attempt", async () => {
  const order = await place();
  await endPartly(order);
  await retry(order);
  await endPartly(order, 2);
  await api.pool.query("INSERT INTO order_requests (order_id, kind, attempt) VALUES ($1, 'cancel', 4)", [order.id]);

  expect((await retry(order)).statusCode).toBe(202);

  expect((await readRequests(order)).map(({ kind, attempt }) => `${kind} ${attempt}`).toSorted()).toEqual([
    "cancel 4",
    "retry 2",
    "retry 5",
  ]);
});

test("POST /v1/orders/{id}/retry: an order that has not ended, 409", async () => {
  const response = await retry(await place());

  expect(response.statusCode).toBe(409);
  expect(response.json()).toMatchObject({ type: "/problems/conflict", detail: "the order has not ended" });
});

test("POST /v1/orders/{id}/retry: the attempts are used up, 409", async () => {
  const order = await place();
  await endPartly(order, 63);

  expect((await retry(order)).statusCode).toBe(409);
  expect(await readRequests(order)).toEqual([]);
});

test("POST /v1/orders/{id}/retry: no such order, 404", async () => {
  expect((await retry({ id: "01234567-0000-7000-8000-000000000000" })).statusCode).toBe(404);
});

test("POST /v1/orders: a shortfall to be topped up, is kept with the order", async () => {
  const order = await place({ shortfall: "top_up" });

  expect(order.shortfall).toBe("top_up");
});
