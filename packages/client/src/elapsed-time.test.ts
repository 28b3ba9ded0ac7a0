import { expect, test } from "vitest";
import { isSinceRetry, readElapsedMs } from "./elapsed-time.ts";

const at = (second: number) => new Date(second * 1_000).toISOString();
const ordered = { createdAt: at(1), startAt: null, retriedAt: null, finishedAt: null };

test.each([
  ["running", {}, 9_000, false],
  ["ended", { finishedAt: at(5) }, 4_000, false],
  ["started later than ordered", { startAt: at(3), finishedAt: at(5) }, 2_000, false],
  ["cancelled before its start", { startAt: at(8), finishedAt: at(5) }, 4_000, false],
  ["running again", { retriedAt: at(7) }, 3_000, true],
  ["ended again, without what it lay", { retriedAt: at(7), finishedAt: at(9) }, 2_000, true],
  ["asked to run again, and still as it ended", { retriedAt: at(7), finishedAt: at(5) }, 4_000, false],
])("readElapsedMs: an order %s", (_, times, elapsedMs, sinceRetry) => {
  expect(readElapsedMs({ ...ordered, ...times }, 10_000)).toBe(elapsedMs);
  expect(isSinceRetry({ ...ordered, ...times }, 10_000)).toBe(sinceRetry);
});
