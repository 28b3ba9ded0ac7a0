import { generationSeed, itemIdOf, type OrderRequestInput, orderRequest } from "@tirage/contracts";
import { expect, test } from "vitest";
import { acceptOrder, messageSizeFault, orderCreatedMessage, showNewOrder } from "./accept-order.ts";
import { assessOrder } from "./assess-order.ts";

const identity = {
  orderId: "01900000-0000-7000-8000-0000fffffffe",
  tenantId: "local",
  createdAt: new Date("2026-01-01T00:00:00.000Z"),
  randomSeed: 99,
};
const tenImages = { provider: "fal", model: "fal-ai/flux/schnell", prompt: "a lighthouse", quantity: 10, batchSize: 4 };

function accept(overrides: Partial<OrderRequestInput> = {}) {
  const request = orderRequest.parse({ ...tenImages, ...overrides });
  const assessment = assessOrder(request, { providers: ["fal", "replicate", "null"], now: new Date(0) });
  if (assessment.kind === "refused") throw new Error(JSON.stringify(assessment.faults));
  return acceptOrder(request, assessment.plan, identity);
}

test("acceptOrder: ten in fours, items of 4, 4 and 2 with the ids and seeds that contracts say", () => {
  const { items } = accept({ seed: 5 });

  expect(items.map(({ batchSize }) => batchSize)).toEqual([4, 4, 2]);
  for (const [index, item] of items.entries()) {
    expect(item).toMatchObject({ index, id: itemIdOf(identity.orderId, index), seed: generationSeed(5, index) });
  }
});

test("acceptOrder: no seed asked, the random one is recorded and shown", () => {
  const order = accept();

  expect(order.seed).toBe(99);
  expect(showNewOrder(order, null)).toMatchObject({ seed: 99, traceId: null });
  expect(orderCreatedMessage(order).payload.seed).toBe(99);
});

test("orderCreatedMessage: an order with everything, the message carries what dispatching needs", () => {
  const modelVersion = "ab".repeat(32);
  const order = accept({ provider: "replicate", model: "someone/some-model", modelVersion, priority: "bulk" });

  expect(orderCreatedMessage(order)).toMatchObject({
    id: `${identity.orderId}:created`,
    subject: `order.created.${identity.orderId}`,
    payload: { tenantId: "local", provider: "replicate", modelVersion, priority: "bulk", plan: order.plan },
  });
});

test("messageSizeFault: prompt and parameters near the limit of a message, a fault only beyond it", () => {
  const sized = (characters: number) =>
    accept({
      provider: "null",
      model: "any",
      prompt: "€".repeat(10_000),
      parameters: { note: "x".repeat(characters) },
    });

  expect(messageSizeFault(orderCreatedMessage(sized(30_000)))).toBeUndefined();
  expect(messageSizeFault(orderCreatedMessage(sized(32_000)))?.pointer).toBe("/parameters");
});
