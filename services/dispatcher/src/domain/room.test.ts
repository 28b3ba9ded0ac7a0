import fc from "fast-check";
import { expect, test } from "vitest";
import { roomOf } from "./room.ts";

test.each([
  { concurrency: 10, ratePerSecond: 2, highWater: 12, smallestQuantum: 1 },
  { concurrency: 50, ratePerSecond: 2_500, highWater: 113, smallestQuantum: 10 },
  { concurrency: 1_000, ratePerSecond: 25_000, highWater: 1_625, smallestQuantum: 10 },
])("roomOf: concurrency $concurrency at $ratePerSecond/s, gives the design's example", (example) => {
  expect(roomOf(example.concurrency, example.ratePerSecond)).toMatchObject({
    highWater: example.highWater,
    smallestQuantum: example.smallestQuantum,
  });
});

test("roomOf: any provider, keeps the queue above its concurrency and within three thousand of it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0.01, max: 1e6, noNaN: true }), (limit, rate) => {
      const { highWater, smallestQuantum, blockedWaitMs } = roomOf(limit, rate);
      expect(highWater).toBeGreaterThan(limit);
      expect(highWater).toBeLessThanOrEqual(limit + 3_000);
      expect(smallestQuantum).toBeLessThanOrEqual(highWater - limit);
      expect(blockedWaitMs).toBeGreaterThanOrEqual(5);
      expect(blockedWaitMs).toBeLessThanOrEqual(250);
    }),
  );
});
