import fc from "fast-check";
import { expect, test } from "vitest";
import { shareSlots } from "./share-slots.ts";

test("shareSlots: when all limits fit the worker, each provider may run at its limit", () => {
  expect(shareSlots({ fal: 10, replicate: 10 }, 64)).toEqual({ fal: 10, replicate: 10 });
  expect(shareSlots({ fal: 32, replicate: 32 }, 64)).toEqual({ fal: 32, replicate: 32 });
});

test("shareSlots: when they do not fit, slots are shared in proportion and none is left over", () => {
  expect(shareSlots({ fal: 100, replicate: 50 }, 64)).toEqual({ fal: 42, replicate: 22 });
});

test("shareSlots: a provider with a small limit still gets a slot", () => {
  expect(shareSlots({ fal: 1_000, replicate: 1 }, 8)).toEqual({ fal: 7, replicate: 1 });
  expect(shareSlots({ fal: 5, replicate: 5 }, 1)).toEqual({ fal: 1, replicate: 1 });
});

test("shareSlots: for any limits, nobody exceeds its limit or goes without, and the worker is used in full", () => {
  const limits = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.integer({ min: 1, max: 1_000 }), { minKeys: 1 });
  fc.assert(
    fc.property(limits, fc.integer({ min: 1, max: 500 }), (concurrency, workerConcurrency) => {
      const shares = shareSlots(concurrency, workerConcurrency);
      const providers = Object.keys(concurrency);
      expect(Object.keys(shares)).toEqual(providers);
      for (const provider of providers) {
        expect(shares[provider]).toBeGreaterThanOrEqual(1);
        expect(shares[provider]).toBeLessThanOrEqual(concurrency[provider] ?? 0);
      }
      const total = Object.values(shares).reduce((sum, slots) => sum + slots, 0);
      const wanted = Object.values(concurrency).reduce((sum, limit) => sum + limit, 0);
      expect(total).toBeGreaterThanOrEqual(Math.min(wanted, workerConcurrency));
      if (providers.length <= workerConcurrency) expect(total).toBeLessThanOrEqual(workerConcurrency);
    }),
  );
});
