import { expect, test } from "vitest";
import { readRetryAfterMs } from "./retry-after.ts";

const now = new Date("2026-11-24T06:00:00Z");

test.each([
  ["seconds", { "retry-after": "7" }, {}, 7_000],
  ["a date", { "retry-after": "Tue, 24 Nov 2026 06:00:12 GMT" }, {}, 12_000],
  ["a date that has passed", { "retry-after": "Tue, 24 Nov 2026 05:00:00 GMT" }, {}, 0],
  ["the rate limit's reset", { "ratelimit-reset": "30" }, {}, 30_000],
  ["both, the first counts", { "retry-after": "2", "ratelimit-reset": "30" }, {}, 2_000],
  ["the body", {}, { retry_after: 4 }, 4_000],
  ["nothing", {}, { detail: "Request was throttled." }, 5_000],
  ["nonsense", { "retry-after": "soon" }, undefined, 5_000],
  ["a day", { "retry-after": "86400" }, {}, 300_000],
])("readRetryAfterMs: %s, the pause in milliseconds", (_case, headers, body, delayMs) => {
  expect(readRetryAfterMs(new Headers(headers as Record<string, string>), body, now)).toBe(delayMs);
});
