import { afterAll, beforeAll, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
afterAll(() => api[Symbol.asyncDispose]());

test("POST /v1/orders: ten images in batches of four, 201 with the plan and its place", async () => {
  const response = await api.app.inject({ method: "POST", url: "/v1/orders", payload: tenImages });

  const order = response.json();
  expect(response.statusCode, response.body).toBe(201);
  expect(response.headers.location).toBe(`/v1/orders/${order.id}`);
  expect(order).toMatchObject({
    status: "pending",
    version: 0,
    plan: { generations: 3, batchSize: 4, lastBatchSize: 2, totalProducts: 10 },
  });
  expect((await api.app.inject(order.urls.self)).json()).toEqual(order);
});
