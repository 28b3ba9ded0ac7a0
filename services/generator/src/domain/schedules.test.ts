import { expect, test } from "vitest";
import { heldDelayMs, newAttemptDelayMs, pollDelayMs, resubmitDelayMs } from "./schedules.ts";

test("pollDelayMs: begins at 0.3 s, never shrinks, and ends at 5 s", () => {
  const delays = Array.from({ length: 20 }, (_, poll) => pollDelayMs(poll + 1));

  expect(delays[0]).toBe(300);
  expect(delays).toEqual([...delays].sort((one, other) => one - other));
  expect(delays.at(-1)).toBe(5_000);
});

test("heldDelayMs: is about what is left of the lease, spread, at most 5 s and a sixth", () => {
  expect(heldDelayMs(900, 0)).toBe(750);
  expect(heldDelayMs(900, 1)).toBe(1_050);
  expect(heldDelayMs(30_000, 1)).toBeLessThanOrEqual(5_834);
  expect(heldDelayMs(0, 0)).toBeGreaterThan(0);
});

test("resubmitDelayMs: is what the provider asks, within 1 to 30 s", () => {
  expect([10, 4_000, 3_600_000].map(resubmitDelayMs)).toEqual([1_000, 4_000, 30_000]);
});

test("newAttemptDelayMs: doubles from 2 s, the second half of it at random", () => {
  expect([1, 2].map((newAttempts) => newAttemptDelayMs(newAttempts, 0))).toEqual([1_000, 2_000]);
  expect([1, 2].map((newAttempts) => newAttemptDelayMs(newAttempts, 1))).toEqual([2_000, 4_000]);
});
