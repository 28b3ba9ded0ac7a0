import { randomUUIDv7 } from "node:crypto";
import { orderRequest } from "@tirage/contracts";
import { createPool } from "@tirage/database";
import { encodeMessage } from "@tirage/messaging";
import { createTestDatabase } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOrderWriter } from "../src/adapters/order-writer.ts";
import { acceptOrder, orderCreatedMessage } from "../src/domain/accept-order.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
afterAll(() => api[Symbol.asyncDispose]());

test("POST /v1/orders: 500 at once, 500 orders in far fewer transactions", async () => {
  const responses = await Promise.all(Array.from({ length: 500 }, () => api.post("/v1/orders", tenImages)));

  expect(new Set(responses.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
  expect(new Set(responses.map((response) => response.json().id)).size).toBe(500);
  expect(await api.countRows()).toMatchObject({ orders: 500, items: 1_500, outbox: 500 });
  const { rows } = await api.pool.query("SELECT count(DISTINCT xmin::text) AS transactions FROM orders");
  expect(rows[0].transactions).toBeLessThan(100);
});

test("POST /v1/orders: 10,000 generations, all of them items with the right sizes", async () => {
  const response = await api.post("/v1/orders", { ...tenImages, provider: "null", model: "any", quantity: 39_999 });

  const { id } = response.json();
  const { rows } = await api.pool.query(
    `SELECT count(*) AS items, sum(total_quantity) AS products, count(DISTINCT seed) AS seeds, min(total_quantity) AS least
     FROM order_items WHERE order_id = $1`,
    [id],
  );
  expect(response.statusCode, response.body).toBe(201);
  expect(rows).toEqual([{ items: 10_000, products: 39_999, seeds: 10_000, least: 3 }]);
});

function newOrder(overrides: { generations?: number } = {}) {
  const request = orderRequest.parse({ ...tenImages, quantity: undefined, generations: 1 });
  const plan = { generations: 1, batchSize: 4, lastBatchSize: 4, totalProducts: 4 };
  const identity = { orderId: randomUUIDv7(), tenantId: "local", createdAt: new Date(), randomSeed: 1 };
  const order = acceptOrder(request, plan, identity);
  const message = encodeMessage(orderCreatedMessage(order), "/services/test");
  return { order: { ...order, plan: { ...plan, ...overrides } }, message };
}

test("write: one order of a group that the database refuses, its neighbours are written all the same", async () => {
  await using database = await createTestDatabase();
  const pool = createPool({ databaseUrl: database.url, applicationName: "test", max: 2, onError: () => {} });
  try {
    const writer = createOrderWriter({ pool });
    const first = writer.write({ orders: [newOrder()] });
    const good = [newOrder(), newOrder()].map((order) => writer.write({ orders: [order] }));
    const bad = writer.write({ orders: [newOrder({ generations: 0 })] });

    await expect(bad).rejects.toMatchObject({ code: "23514" });
    expect(await Promise.all([first, ...good])).toEqual(["written", "written", "written"]);
    const { rows } = await pool.query("SELECT count(*) AS orders FROM orders");
    expect(rows).toEqual([{ orders: 3 }]);
  } finally {
    await pool.end();
  }
});

test("fault 3: write: the same order twice, as after a lost answer, it stands once", async () => {
  await using database = await createTestDatabase();
  const pool = createPool({ databaseUrl: database.url, applicationName: "test", max: 2, onError: () => {} });
  try {
    const writer = createOrderWriter({ pool });
    const orders = [newOrder()];
    expect(await writer.write({ orders })).toBe("written");
    expect(await writer.write({ orders })).toBe("written");

    const { rows } = await pool.query(
      "SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM order_items) AS items, (SELECT count(*) FROM outbox) AS outbox",
    );
    expect(rows).toEqual([{ orders: 1, items: 1, outbox: 1 }]);
  } finally {
    await pool.end();
  }
});
