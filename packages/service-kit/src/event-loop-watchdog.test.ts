import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchEventLoop } from "./event-loop-watchdog.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("fault 14: the event loop was silent beyond the limit, it is told once how long", () => {
  let nowMs = 0;
  const silences: number[] = [];
  using _watchdog = watchEventLoop({ limitMs: 1_000, onSilence: (ms) => silences.push(ms), now: () => nowMs });
  const beat = (elapsedMs: number) => {
    nowMs += elapsedMs;
    vi.advanceTimersByTime(100);
  };
  beat(100);
  beat(1_050);
  expect(silences).toEqual([]);

  beat(1_500);
  beat(5_000);
  expect(silences).toEqual([1_400]);
});

test("watchEventLoop: disposed, it stays silent", () => {
  let nowMs = 0;
  const silences: number[] = [];
  watchEventLoop({ limitMs: 1_000, onSilence: (ms) => silences.push(ms), now: () => nowMs })[Symbol.dispose]();
  nowMs = 10_000;
  vi.advanceTimersByTime(1_000);
  expect(silences).toEqual([]);
});
