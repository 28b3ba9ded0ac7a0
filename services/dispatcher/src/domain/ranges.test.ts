import fc from "fast-check";
import { expect, test } from "vitest";
import { countItems, itemsWithin, rangesOf } from "./ranges.ts";

const items = fc.uniqueArray(
  fc.record({
    index: fc.integer({ min: 0, max: 60 }),
    attempt: fc.integer({ min: 1, max: 2 }),
    batchSize: fc.integer({ min: 1, max: 2 }),
    firstAttempt: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
  }),
  { selector: ({ index }) => index },
);

test("rangesOf: any items, hold each once, and itemsWithin gives them back from any position", () => {
  fc.assert(
    fc.property(items, fc.nat({ max: 70 }), fc.nat({ max: 70 }), (some, start, count) => {
      const sorted = some.toSorted((one, other) => one.index - other.index);
      const ranges = rangesOf(some);
      expect(countItems(ranges)).toBe(some.length);
      expect(itemsWithin(ranges, start, count)).toEqual(sorted.slice(start, start + count));
    }),
  );
});

test("rangesOf: neighbours of one attempt and size, are one range", () => {
  const ranges = rangesOf([4, 2, 3, 7].map((index) => ({ index, attempt: 1 })));
  expect(ranges).toEqual([
    { from: 2, to: 4, attempt: 1 },
    { from: 7, to: 7, attempt: 1 },
  ]);
});
