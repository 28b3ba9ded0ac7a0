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

test("GET /v1/orders/{id}/ledger: no such order, 404", async () => {
  const response = await api.app.inject("/v1/orders/01900000-0000-7000-8000-000000000000/ledger");

  expect(response.statusCode).toBe(404);
  expect(response.json().type).toBe("/problems/not-found");
});
