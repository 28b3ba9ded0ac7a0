import { itemIdOf, type Order } from "@tirage/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** The part of a recorded result that says what is charged. */
type Payload = Record<string, unknown>;

async function place(): Promise<Order> {
  const response = await api.post("/v1/orders", tenImages);
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
}

/** A row as the generator leaves it: without a payload the call has not ended, without a request id nobody accepted it. */
async function seedCall(
  { id }: Order,
  { index, attempt = 1, isAccepted = true }: { index: number; attempt?: number; isAccepted?: boolean },
  payload?: Payload,
): Promise<void> {
  const itemId = itemIdOf(id, index);
  await api.pool.query(
    `INSERT INTO provider_calls (item_id, attempt, provider, nonce, state, request_id, result)
     VALUES ($1, $2, 'fal', $3, $4, $5, $6)`,
    [
      itemId,
      attempt,
      `${itemId}:${attempt}`,
      payload ? "finished" : isAccepted ? "submitted" : "submitting",
      isAccepted ? `request-${index}-${attempt}` : null,
      payload ? JSON.stringify({ type: "a result", payload }) : null,
    ],
  );
}

const readLedger = async ({ id }: Pick<Order, "id">) => (await api.app.inject(`/v1/orders/${id}/ledger`)).json();

test("GET /v1/orders/{id}/ledger: nothing was called yet, all zero", async () => {
  const order = await place();

  expect(await readLedger(order)).toEqual({ accepted: 0, paid: 0, delivered: 0, paidTwice: 0, unknown: 0 });
});

test("GET /v1/orders/{id}/ledger: a failed attempt, a filtered batch and a whole one, counts what was charged", async () => {
  const order = await place();
  await seedCall(order, { index: 0 }, { error: { code: "provider_failed" } });
  await seedCall(order, { index: 0, attempt: 2 }, { produced: 4 });
  await seedCall(order, { index: 1 }, { produced: 3, charged: 4 });
  await seedCall(order, { index: 2 }, { error: { code: "moderated" }, charged: 2 });
  await api.pool.query("UPDATE orders SET products_produced = 7 WHERE id = $1", [order.id]);

  expect(await readLedger(order)).toEqual({ accepted: 4, paid: 10, delivered: 7, paidTwice: 0, unknown: 0 });
});

test("GET /v1/orders/{id}/ledger: calls under way, an unknown one and one sent again, are told apart", async () => {
  const order = await place();
  await seedCall(order, { index: 0, isAccepted: false });
  await seedCall(order, { index: 1, isAccepted: false }, { error: { code: "outcome_unknown" } });
  await seedCall(order, { index: 2 }, { produced: 2, recovery: "resubmitted" });

  expect(await readLedger(order)).toEqual({ accepted: 1, paid: 2, delivered: 0, paidTwice: 1, unknown: 1 });
});

const readEverywhere = async ({ id }: Pick<Order, "id">): Promise<Order[]> => [
  (await api.app.inject(`/v1/orders/${id}`)).json(),
  (await api.app.inject("/v1/orders?limit=100")).json().data.find((listed: Order) => listed.id === id),
];
const end = ({ id }: Order) =>
  api.pool.query("UPDATE orders SET status = 'completed', products_produced = 7, finished_at = now() WHERE id = $1", [
    id,
  ]);

test("GET /v1/orders: more was charged than delivered, an order and a list tell both once it has ended", async () => {
  const order = await place();
  await seedCall(order, { index: 0 }, { produced: 4, charged: 4 });
  await seedCall(order, { index: 1 }, { produced: 3, charged: 4 });
  await seedCall(order, { index: 2 }, { error: { code: "moderated" }, charged: 2 });
  for (const { cost } of await readEverywhere(order)) expect(cost.chargedMicroUsd).toBeNull();

  await end(order);
  for (const { cost } of await readEverywhere(order)) {
    expect(cost.chargedMicroUsd).toBe(cost.estimatedMicroUsd);
    expect(cost.actualMicroUsd).toBe(Number(cost.estimatedMicroUsd) * 0.7);
  }
});

test("GET /v1/orders: an order was retried, an order and a list tell when last", async () => {
  const order = await place();
  for (const { retriedAt } of await readEverywhere(order)) expect(retriedAt).toBeNull();
  await api.pool.query(
    `INSERT INTO order_requests (order_id, kind, attempt, indexes, created_at)
     VALUES ($1, 'retry', 2, '{0}', '2026-01-05T09:00:00Z'), ($1, 'retry', 3, '{0}', '2026-01-05T10:00:00Z'),
       ($1, 'cancel', 3, NULL, '2026-01-05T11:00:00Z')`,
    [order.id],
  );
  for (const { retriedAt } of await readEverywhere(order)) expect(retriedAt).toBe("2026-01-05T10:00:00.000Z");
});

test("GET /v1/orders/{id}/ledger: no such order, 404", async () => {
  const response = await api.app.inject("/v1/orders/01900000-0000-7000-8000-000000000000/ledger");

  expect(response.statusCode).toBe(404);
  expect(response.json().type).toBe("/problems/not-found");
});
