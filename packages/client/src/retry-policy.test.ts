import { expect, test } from "vitest";
import { isRetryable, readRetryAfterMs, retryDelayMs } from "./retry-policy.ts";

const now = Date.parse("2026-11-24T10:00:00Z");

test.each([
  ["seconds", "3", 3_000],
  ["a date", "Tue, 24 Nov 2026 10:00:05 GMT", 5_000],
  ["a date that has passed", "Tue, 24 Nov 2026 09:00:00 GMT", 0],
  ["nothing", null, undefined],
  ["what is neither", "soon", undefined],
])("readRetryAfterMs: %s, the time to wait", (_, header, expected) => {
  expect(readRetryAfterMs(header, now)).toBe(expected);
});

test("retryDelayMs: attempt after attempt, twice as long up to ten seconds and half of it by chance", () => {
  expect([1, 2, 3, 9].map((attempt) => retryDelayMs(attempt, undefined, 1))).toEqual([250, 500, 1_000, 10_000]);
  expect(retryDelayMs(1, undefined, 0)).toBe(125);
});

test("retryDelayMs: the server asked for longer, what it asked; for an hour, not at all", () => {
  expect(retryDelayMs(1, 3_000, 0)).toBe(3_000);
  expect(retryDelayMs(1, 3_600_000, 0)).toBeUndefined();
});

test.each([
  [408, true],
  [429, true],
  [500, true],
  [503, true],
  [400, false],
  [404, false],
  [409, false],
])("isRetryable: %i, %s", (status, expected) => {
  expect(isRetryable({ status, type: "about:blank" })).toBe(expected);
});

test("isRetryable: 409 for a key whose first attempt still runs, true", () => {
  expect(isRetryable({ status: 409, type: "/problems/idempotency-key-in-flight" })).toBe(true);
});
