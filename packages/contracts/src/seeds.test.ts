import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generationSeed, seed } from "./seeds.ts";

const largestSeed = 0xffff_ffff;
const anySeed = fc.integer({ min: 0, max: largestSeed });
const anyIndex = fc.integer({ min: 0, max: 10_000 });

describe("generationSeed", () => {
  it("given the first generation, is the order's seed", () => {
    expect(generationSeed(42, 0)).toBe(42);
  });

  it("given a seed at the end of the range, wraps around", () => {
    expect(generationSeed(largestSeed, 1)).toBe(0);
  });

  it("given any order and generation, is a seed", () => {
    fc.assert(
      fc.property(anySeed, anyIndex, (orderSeed, index) => {
        expect(seed.safeParse(generationSeed(orderSeed, index)).success).toBe(true);
      }),
    );
  });

  it("given two generations of one order, is never the same", () => {
    fc.assert(
      fc.property(anySeed, anyIndex, anyIndex, (orderSeed, index, other) => {
        fc.pre(index !== other);
        expect(generationSeed(orderSeed, index)).not.toBe(generationSeed(orderSeed, other));
      }),
    );
  });
});

describe("seed", () => {
  it.each([-1, 0.5, largestSeed + 1])("given %d, refuses it", (value) => {
    expect(seed.safeParse(value).success).toBe(false);
  });
});
