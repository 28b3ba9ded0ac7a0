import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchSizeOf, type PlanRequest, planOrder } from "./plan.ts";

const count = (max: number) => fc.integer({ min: 1, max });
const byGenerations = fc.record({ generations: count(10_000), batchSize: count(64) });
const byQuantity = fc.record({
  quantity: count(40_000),
  batchSize: fc.option(count(64), { nil: undefined }),
  remainder: fc.constantFrom("exact" as const, "overshoot" as const),
});
const anyRequest: fc.Arbitrary<PlanRequest> = fc.oneof(byGenerations, byQuantity);
const limits = fc.record({ maximumBatchSize: count(64) });

describe("planOrder", () => {
  it("given ten products in batches of four, makes two full calls and one of two", () => {
    const plan = planOrder({ quantity: 10, batchSize: 4, remainder: "exact" }, { maximumBatchSize: 4 });
    expect(plan).toEqual({ generations: 3, batchSize: 4, lastBatchSize: 2, totalProducts: 10 });
  });

  it("given ten products and overshoot, keeps the last call full", () => {
    const plan = planOrder({ quantity: 10, batchSize: 4, remainder: "overshoot" }, { maximumBatchSize: 4 });
    expect(plan).toEqual({ generations: 3, batchSize: 4, lastBatchSize: 4, totalProducts: 12 });
  });

  it("given a quantity and no batch size, asks as many as the model gives", () => {
    const plan = planOrder({ quantity: 10, remainder: "exact" }, { maximumBatchSize: 8 });
    expect(plan).toEqual({ generations: 2, batchSize: 8, lastBatchSize: 2, totalProducts: 10 });
  });

  it("given a batch size beyond the model's, asks what the model gives", () => {
    const plan = planOrder({ quantity: 9, batchSize: 16, remainder: "exact" }, { maximumBatchSize: 4 });
    expect(plan).toMatchObject({ generations: 3, batchSize: 4, lastBatchSize: 1 });
  });

  it("given fewer products than a batch, makes one call for just them", () => {
    const plan = planOrder({ quantity: 3, batchSize: 4, remainder: "exact" }, { maximumBatchSize: 4 });
    expect(plan).toEqual({ generations: 1, batchSize: 3, lastBatchSize: 3, totalProducts: 3 });
  });

  it("given generations of more than the model makes, splits as many products into more calls", () => {
    const plan = planOrder({ generations: 3, batchSize: 9 }, { maximumBatchSize: 4 });
    expect(plan).toEqual({ generations: 7, batchSize: 4, lastBatchSize: 3, totalProducts: 27 });
  });

  it("given generations, plans their product, in as many calls where the model makes so many", () => {
    fc.assert(
      fc.property(byGenerations, limits, (request, limit) => {
        const plan = planOrder(request, limit);
        expect(plan.totalProducts).toBe(request.generations * request.batchSize);
        expect(plan.batchSize).toBeLessThanOrEqual(limit.maximumBatchSize);
        if (request.batchSize <= limit.maximumBatchSize) expect(plan.generations).toBe(request.generations);
      }),
    );
  });

  it("given any quantity and exact, plans exactly that many products", () => {
    fc.assert(
      fc.property(byQuantity, limits, (request, limit) => {
        expect(planOrder({ ...request, remainder: "exact" }, limit).totalProducts).toBe(request.quantity);
      }),
    );
  });

  it("given any quantity and overshoot, plans less than one batch too many, in full calls only", () => {
    fc.assert(
      fc.property(byQuantity, limits, (request, limit) => {
        const { totalProducts, batchSize, lastBatchSize } = planOrder({ ...request, remainder: "overshoot" }, limit);
        expect(totalProducts - request.quantity).toBeGreaterThanOrEqual(0);
        expect(totalProducts - request.quantity).toBeLessThan(batchSize);
        expect(lastBatchSize).toBe(batchSize);
      }),
    );
  });

  it("given any quantity, asks of no call more than the model gives or the customer asked", () => {
    fc.assert(
      fc.property(byQuantity, limits, (request, limit) => {
        const { batchSize, lastBatchSize } = planOrder(request, limit);
        expect(batchSize).toBeLessThanOrEqual(Math.min(limit.maximumBatchSize, request.batchSize ?? Infinity));
        expect(lastBatchSize).toBeLessThanOrEqual(batchSize);
        expect(lastBatchSize).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});

describe("batchSizeOf", () => {
  it("given any plan, sums over its generations to the total of products", () => {
    fc.assert(
      fc.property(anyRequest, limits, (request, limit) => {
        const plan = planOrder(request, limit);
        let sum = 0;
        for (let index = 0; index < plan.generations; index++) sum += batchSizeOf(plan, index);
        expect(sum).toBe(plan.totalProducts);
      }),
    );
  });
});
