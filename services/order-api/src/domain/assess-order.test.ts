import { type OrderRequestInput, orderRequest } from "@tirage/contracts";
import { expect, test } from "vitest";
import { assessOrder } from "./assess-order.ts";
import { estimateCost } from "./estimate-cost.ts";

const base = { provider: "fal", model: "fal-ai/flux/schnell", prompt: "a lighthouse" };
const now = new Date("2026-11-24T12:00:00Z");
const read = (request: Partial<OrderRequestInput>) => orderRequest.parse({ ...base, ...request });
const assess = (request: Partial<OrderRequestInput>, providers = ["fal", "replicate"]) =>
  assessOrder(read(request), { providers, now });

test("assessOrder: an unknown model of a known provider, batches of up to four and a warning", () => {
  const request = { model: "someone/new-model", quantity: 10 };

  expect(assess(request)).toMatchObject({ kind: "plan", plan: { generations: 3, batchSize: 4, lastBatchSize: 2 } });
  expect(assess(request)).toHaveProperty("warnings.length", 1);
});

const lowered = "fal-ai/flux/schnell makes at most 4 outputs a call: the batch size was lowered to that";
test.each([
  ["by quantity", { quantity: 27 }, lowered],
  ["by generations", { generations: 3 }, `${lowered}, which takes 7 calls for 3`],
])("assessOrder: a batch beyond the model's %s, split into the same calls with a warning", (_, amount, warning) => {
  expect(assess({ ...amount, batchSize: 9 })).toEqual({
    kind: "plan",
    plan: { generations: 7, batchSize: 4, lastBatchSize: 3, totalProducts: 27 },
    warnings: [warning],
  });
});

test("assessOrder: split into more calls than an order makes, refused at what was sent", () => {
  expect(assess({ generations: 10_000, batchSize: 8 })).toMatchObject({
    type: "validation",
    faults: [{ pointer: "/generations", detail: expect.stringContaining("20000 calls") }],
  });
});

test("assessOrder: provider null, refused until it is enabled and then any model with batches of up to 64", () => {
  const request = { provider: "null", model: "whatever it is", generations: 2, batchSize: 64 };

  expect(assess(request)).toMatchObject({ kind: "refused", type: "model", faults: [{ pointer: "/provider" }] });
  expect(assess(request, ["null"])).toMatchObject({ kind: "plan", plan: { totalProducts: 128 }, warnings: [] });
});

test("assessOrder: too many parameters and a missing version, 400 with both", () => {
  const parameters = { padding: "x".repeat(33 * 1024) };
  const request = { provider: "replicate", model: "someone/some-model", quantity: 1, parameters };

  const assessment = assess(request);
  expect(assessment).toMatchObject({ type: "validation" });
  expect(assessment).toHaveProperty("faults.length", 2);
});

test("assessOrder: overshoot, the last generation stays full", () => {
  expect(assess({ quantity: 10, batchSize: 4, remainder: "overshoot" })).toMatchObject({
    plan: { generations: 3, lastBatchSize: 4, totalProducts: 12 },
  });
});

test("estimateCost: a catalogued model, a price in proportion; an unknown one, none", () => {
  const one = estimateCost(read({ quantity: 1 }), 1);

  expect(one).toBeGreaterThan(0);
  expect(estimateCost(read({ quantity: 1 }), 10)).toBe(Number(one) * 10);
  expect(estimateCost(read({ quantity: 1, model: "someone/new-model" }), 1)).toBeNull();
});
