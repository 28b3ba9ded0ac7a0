import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
beforeEach(() => api.pool.query("TRUNCATE orders, outbox, idempotency_keys CASCADE"));
afterAll(() => api[Symbol.asyncDispose]());

const post = (cancelAfter: string, body: object = tenImages) =>
  api.post("/v1/orders", body, { "cancel-after": cancelAfter, "idempotency-key": "key-1" });

test("POST /v1/orders: Cancel-After, the order expires that long after it was placed", async () => {
  const placed = await post("1m30s");

  expect(placed.statusCode, placed.body).toBe(201);
  const { createdAt, expiresAt, urls } = placed.json();
  expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(90_000);
  expect((await api.app.inject(urls.self)).json()).toMatchObject({ expiresAt });
});

test("POST /v1/orders: same key and Cancel-After again, the first answer; another Cancel-After, 422", async () => {
  const first = await post("1h");
  const again = await post("60m");
  const other = await post("2h");

  expect(again.headers["idempotent-replayed"]).toBe("true");
  expect(again.json()).toEqual(first.json());
  expect(other.json()).toMatchObject({ status: 422, type: "/problems/idempotency-key-reused" });
  expect(await api.countRows()).toMatchObject({ orders: 1, keys: 1 });
});

const unusable: [circumstance: string, cancelAfter: string, body: object][] = [
  ["too short", "4s", tenImages],
  ["unreadable", "soon", tenImages],
  ["beside expiresAt", "5m", { ...tenImages, expiresAt: "2999-01-01T00:00:00Z" }],
  ["over before startAt", "5m", { ...tenImages, startAt: "2999-01-01T00:00:00Z" }],
];
test.each(unusable)("POST /v1/orders: Cancel-After %s, 400 and nothing written", async (_, cancelAfter, body) => {
  const response = await post(cancelAfter, body);

  expect(response.json()).toMatchObject({ status: 400, type: "/problems/validation" });
  expect(response.json().errors).toEqual([{ pointer: "/headers/cancel-after", detail: expect.any(String) }]);
  expect(await api.countRows()).toEqual({ orders: 0, items: 0, outbox: 0, keys: 0 });
});
