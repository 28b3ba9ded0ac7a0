import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  identifier,
  itemIdOf,
  maximumAttempts,
  maximumOutputsPerCall,
  productIdOf,
  subjectToken,
} from "./identifiers.ts";

const orderId = "01890a5d-ac96-774b-bcce-b302099a8057";
const anyOrderId = fc.uuid({ version: 7 });
const anyIndex = fc.integer({ min: 0, max: 10_000 });
const anyAttempt = fc.integer({ min: 1, max: maximumAttempts });
const anyOutputIndex = fc.integer({ min: 0, max: maximumOutputsPerCall - 1 });

describe("itemIdOf", () => {
  it("given an index, adds it to the last 32 bits of the order's id", () => {
    expect(itemIdOf(orderId, 9)).toBe("01890a5d-ac96-774b-bcce-b302099a8060");
  });

  it("given an order whose last 32 bits are full, wraps around within them", () => {
    expect(itemIdOf("01890a5d-ac96-774b-bcce-b302ffffffff", 1)).toBe("01890a5d-ac96-774b-bcce-b30200000000");
  });

  it("given any order, is an identifier, and another one for every index", () => {
    fc.assert(
      fc.property(anyOrderId, anyIndex, anyIndex, (order, index, other) => {
        expect(identifier.safeParse(itemIdOf(order, index)).success).toBe(true);
        fc.pre(index !== other);
        expect(itemIdOf(order, index)).not.toBe(itemIdOf(order, other));
      }),
    );
  });
});

describe("productIdOf", () => {
  it("given an attempt and an output, holds both in a UUID of version 8", () => {
    expect(productIdOf(orderId, 1, 0)).toBe("01890a5d-ac96-8040-bcce-b302099a8057");
    expect(productIdOf(orderId, maximumAttempts, 63)).toBe("01890a5d-ac96-8fff-bcce-b302099a8057");
  });

  it("given any item, is an identifier, and another one for every attempt and output", () => {
    fc.assert(
      fc.property(
        anyOrderId,
        fc.tuple(anyAttempt, anyOutputIndex),
        fc.tuple(anyAttempt, anyOutputIndex),
        (order, one, other) => {
          const itemId = itemIdOf(order, 0);
          expect(identifier.safeParse(productIdOf(itemId, ...one)).success).toBe(true);
          fc.pre(one[0] !== other[0] || one[1] !== other[1]);
          expect(productIdOf(itemId, ...one)).not.toBe(productIdOf(itemId, ...other));
        },
      ),
    );
  });

  it("given two items of an order, never names a product of one as one of the other", () => {
    fc.assert(
      fc.property(
        anyOrderId,
        anyIndex,
        anyIndex,
        anyAttempt,
        anyOutputIndex,
        (order, index, other, attempt, output) => {
          fc.pre(index !== other);
          const productId = productIdOf(itemIdOf(order, index), attempt, output);
          expect(productId).not.toBe(productIdOf(itemIdOf(order, other), attempt, output));
        },
      ),
    );
  });

  it.each([
    { attempt: 0, output: 0 },
    { attempt: maximumAttempts + 1, output: 0 },
    { attempt: 1, output: -1 },
    { attempt: 1, output: maximumOutputsPerCall },
  ])("given attempt $attempt and output $output, which do not fit, throws", ({ attempt, output }) => {
    expect(() => productIdOf(orderId, attempt, output)).toThrow(RangeError);
  });
});

describe("subjectToken", () => {
  it.each(["", "a.b", "*", ">", "a b", "x".repeat(65)])(
    "given %o, which would address other subjects, refuses it",
    (token) => {
      expect(subjectToken.safeParse(token).success).toBe(false);
    },
  );

  it("given an id, takes it", () => {
    expect(subjectToken.safeParse(orderId).success).toBe(true);
  });
});
