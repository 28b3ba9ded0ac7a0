import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
beforeEach(() => api.pool.query("TRUNCATE orders, outbox, idempotency_keys CASCADE"));
afterAll(() => api[Symbol.asyncDispose]());

const post = (key: string, body: object = tenImages, headers: Record<string, string> = {}) =>
  api.post("/v1/orders", body, { "idempotency-key": key, ...headers });

test("POST /v1/orders: same key and body again, the first answer and no second order", async () => {
  const first = await post("key-1");
  // The same request, written in another order and with a default spelt out.
  const again = await post("key-1", { ...Object.fromEntries(Object.entries(tenImages).reverse()), remainder: "exact" });

  expect(first.statusCode, first.body).toBe(201);
  expect(first.headers["idempotent-replayed"]).toBeUndefined();
  expect(again.statusCode, again.body).toBe(201);
  expect(again.headers["idempotent-replayed"]).toBe("true");
  expect(again.headers.location).toBe(first.headers.location);
  expect(again.json()).toEqual(first.json());
  expect(await api.countRows()).toEqual({ orders: 1, items: 3, outbox: 1, keys: 1 });
});

test("POST /v1/orders: same key and another body, 422 and no second order", async () => {
  await post("key-1");
  const other = await post("key-1", { ...tenImages, prompt: "a harbour" });

  expect(other.statusCode).toBe(422);
  expect(other.json().type).toBe("/problems/idempotency-key-reused");
  expect(await api.countRows()).toEqual({ orders: 1, items: 3, outbox: 1, keys: 1 });
});

test("POST /v1/orders: a hundred at once with one key, one order and 201 or 409 for each", async () => {
  const responses = await Promise.all(Array.from({ length: 100 }, () => post("key-1")));

  expect(responses.filter(({ statusCode }) => statusCode !== 201 && statusCode !== 409)).toEqual([]);
  expect(
    new Set(responses.filter(({ statusCode }) => statusCode === 201).map((response) => response.json().id)).size,
  ).toBe(1);
  for (const response of responses.filter(({ statusCode }) => statusCode === 409)) {
    expect(response.json().type).toBe("/problems/idempotency-key-in-flight");
    expect(response.headers["retry-after"]).toBe("1");
  }
  expect(await api.countRows()).toEqual({ orders: 1, items: 3, outbox: 1, keys: 1 });
});

test("fault 49: POST /v1/orders: a hundred at once with one key over two replicas, one order", async () => {
  await using other = await startOrderApi({}, { beside: api });
  const headers = { "idempotency-key": "key-1" };

  const responses = await Promise.all(
    Array.from({ length: 100 }, (_, n) => (n % 2 ? other : api)?.post("/v1/orders", tenImages, headers)),
  );

  const accepted = responses.filter((response) => response.statusCode === 201);
  const [first] = accepted;
  for (const response of responses) {
    if (response.statusCode === 201) expect(response.json()).toEqual(first?.json());
    else expect(response.json()).toMatchObject({ status: 409, type: "/problems/idempotency-key-in-flight" });
  }
  expect(accepted.filter(({ headers }) => headers["idempotent-replayed"] === undefined)).toHaveLength(1);
  expect(await api.countRows()).toEqual({ orders: 1, items: 3, outbox: 1, keys: 1 });
  for (const replica of [api, other]) {
    const next = await replica?.post("/v1/orders", tenImages, headers);
    expect(next?.statusCode).toBe(201);
    expect(next?.headers["idempotent-replayed"]).toBe("true");
    expect(next?.json()).toEqual(first?.json());
  }
});

test("POST /v1/orders: two replicas with crossing keys, every key gets its one order", async () => {
  await using other = await startOrderApi({}, { beside: api });
  const keys = Array.from({ length: 50 }, (_, n) => `key-${n}`);

  const responses = await Promise.all([
    ...keys.map((key) => api.post("/v1/orders", tenImages, { "idempotency-key": key })),
    ...keys.reverse().map((key) => other.post("/v1/orders", tenImages, { "idempotency-key": key })),
  ]);

  expect(new Set(responses.map((response) => response.statusCode))).toEqual(new Set([201]));
  expect(new Set(responses.map((response) => response.json().id)).size).toBe(50);
  expect(await api.countRows()).toEqual({ orders: 50, items: 150, outbox: 50, keys: 50 });
});

test("POST /v1/orders: refused with a key, the key is free for the corrected request", async () => {
  expect((await post("key-1", { ...tenImages, quantity: 0 })).statusCode).toBe(400);

  expect((await post("key-1")).statusCode).toBe(201);
});

test("POST /v1/orders: the key has expired, a new order", async () => {
  const first = await post("key-1");
  await api.pool.query("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'");

  const again = await post("key-1");
  expect(again.statusCode).toBe(201);
  expect(again.json().id).not.toBe(first.json().id);
  expect(await api.countRows()).toMatchObject({ orders: 2, keys: 1 });
});

test("POST /v1/orders/batch: same key and body again, the first answer; as a lone order, 422", async () => {
  const batch = { orders: [tenImages, tenImages] };
  const first = await api.post("/v1/orders/batch", batch, { "idempotency-key": "key-1" });
  const again = await api.post("/v1/orders/batch", batch, { "idempotency-key": "key-1" });

  expect(again.headers["idempotent-replayed"]).toBe("true");
  expect(again.json()).toEqual(first.json());
  expect((await post("key-1")).statusCode).toBe(422);
  expect(await api.countRows()).toMatchObject({ orders: 2, keys: 1 });
});

test("POST /v1/orders: replayed with Prefer wait, the order as it is now", async () => {
  const { id } = (await post("key-1")).json();
  await api.pool.query("UPDATE orders SET status = 'cancelled', version = 3 WHERE id = $1", [id]);

  const again = await post("key-1", tenImages, { prefer: "wait=5" });
  expect(again.json()).toMatchObject({ id, status: "cancelled", version: 3 });
});
