import type { Item, Order } from "@tirage/client";
import { orderRequest } from "@tirage/contracts";
import { expect, test } from "vitest";
import { buildRequest } from "../new-order/build-request.ts";
import { formOfOrder } from "../new-order/form-state.ts";
import { describeOutcomes } from "./describe-outcomes.ts";
import { requestOfOrder } from "./request-of-order.ts";

const order = {
  provider: "replicate",
  model: "stability-ai/sdxl",
  modelVersion: "7".repeat(64),
  prompt: "a lighthouse",
  parameters: { width: 512, scheduler: "DDIM", apply_watermark: false },
  metadata: { customer: "42" },
  priority: "bulk",
  shortfall: "top_up",
  seed: 7,
  startAt: null,
  plan: { generations: 3, batchSize: 4, lastBatchSize: 2, totalProducts: 10 },
} as unknown as Order;
const even = { ...order, plan: { generations: 3, batchSize: 4, lastBatchSize: 4, totalProducts: 12 } };

test.each([
  ["an uneven one, by its quantity", order, { quantity: 10, batchSize: 4 }],
  ["an even one, by its generations", even, { generations: 3, batchSize: 4 }],
])("requestOfOrder: %s, the API's schema takes it with all of its settings", (_, given, amount) => {
  const request = requestOfOrder(given, { keepsSeed: true });

  expect(orderRequest.parse(request)).toMatchObject({
    ...amount,
    parameters: order.parameters,
    metadata: order.metadata,
    priority: "bulk",
    shortfall: "top_up",
    seed: 7,
  });
  expect(requestOfOrder(given, { keepsSeed: false })).not.toHaveProperty("seed");
});

test("formOfOrder: the form of an order that is used again, asks for the same", () => {
  const { request, faults } = buildRequest(formOfOrder(order, ""), undefined);

  expect(faults).toEqual({});
  expect(request).toEqual(requestOfOrder(order, { keepsSeed: true }));
});

test("describeOutcomes: of those cancelled, how many cost; of none, nothing", () => {
  const items = ["not_started", "not_started", "billed", null].map((outcome) => ({ outcome })) as Item[];

  expect(describeOutcomes(items)).toBe(
    "2 generations not started, free; 1 generation charged, as the provider had begun",
  );
  expect(describeOutcomes([])).toBeUndefined();
});
