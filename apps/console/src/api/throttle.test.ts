import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { throttle } from "./throttle.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("throttle: called again and again, at once, at most once in the time, and once after the last call", () => {
  const ranAtMs: number[] = [];
  const begunAt = Date.now();
  const call = throttle(100, () => ranAtMs.push(Date.now() - begunAt));

  for (let atMs = 0; atMs < 150; atMs += 30) {
    call();
    vi.advanceTimersByTime(30);
  }
  vi.advanceTimersByTime(1_000);
  call();

  expect(ranAtMs).toEqual([0, 100, 200, 1_150]);
});
