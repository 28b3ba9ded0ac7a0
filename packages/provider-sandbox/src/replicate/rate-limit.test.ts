import { expect, test } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

test("a limit of 60 a minute: a burst of 60, then one a second", () => {
  const limit = createRateLimit(() => 60);
  const start = 1_000_000;
  const burst = Array.from({ length: 61 }, () => limit.take(start).allowed);
  expect(burst.filter((allowed) => allowed)).toHaveLength(60);
  expect(limit.take(start)).toEqual({ allowed: false, remaining: 0, resetSeconds: 1 });
  expect(limit.take(start + 1000).allowed).toBe(true);
  expect(limit.take(start + 1000).allowed).toBe(false);
});

test("no limit: everything passes", () => {
  const limit = createRateLimit(() => 0);
  expect(Array.from({ length: 1000 }, () => limit.take(0).allowed)).not.toContain(false);
});
