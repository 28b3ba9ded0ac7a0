import { expect, test } from "vitest";
import type { CheckedOrder } from "./check-orders.ts";
import { chunkLimits, chunkOrders } from "./chunk-orders.ts";

const quote = {
  ...{ generations: 1, batchSize: 4, lastBatchSize: 4, totalProducts: 4 },
  ...{ estimatedCostMicroUsd: null, warnings: [] },
  estimatedTime: { durationMs: null, waitingGenerations: null, medianGenerationMs: null, slots: null },
};
const order = (prompt: string, generations = 1): CheckedOrder => ({
  line: 1,
  request: { provider: "fal", model: "m", prompt, quantity: 4 },
  quote: { ...quote, generations },
});
const orders = (count: number) => Array.from({ length: count }, (_, position) => order(`prompt ${position}`));
const sizes = (given: readonly CheckedOrder[]) => chunkOrders(given).map((chunk) => chunk.orders.length);

test("chunkOrders: more orders, calls or bytes than fit, as many chunks as it takes", () => {
  expect(sizes(orders(250))).toEqual([100, 100, 50]);
  expect(sizes([order("a", 30_000), order("b", 30_000), order("c", 20_000)])).toEqual([1, 2]);
  expect(sizes([order("é".repeat(chunkLimits.bytes / 4)), order("é".repeat(chunkLimits.bytes / 4))])).toEqual([1, 1]);
});

test("chunkOrders: the same orders twice, the same keys; other orders, other keys", () => {
  const keys = chunkOrders(orders(150)).map(({ key }) => key);

  expect(chunkOrders(orders(150)).map(({ key }) => key)).toEqual(keys);
  expect(new Set(keys).size).toBe(2);
  expect(keys).not.toContain(chunkOrders(orders(149))[0]?.key);
});

test("chunkOrders: a key of the caller's, the same for a changed file, so that the API refuses it", () => {
  expect(chunkOrders(orders(150), "spring").map(({ key }) => key)).toEqual(["spring/1", "spring/2"]);
});
