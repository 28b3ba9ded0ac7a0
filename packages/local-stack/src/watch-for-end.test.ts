import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchForEnd } from "./watch-for-end.ts";

const end = vi.fn();
const force = vi.fn();
let stopWatching: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  stopWatching = watchForEnd({ hasBootstrap: true, end, force });
});
afterEach(() => {
  stopWatching();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("watchForEnd: one key press that arrives three times, the end is asked for once and not forced", () => {
  for (const signal of ["SIGINT", "SIGINT", "SIGTERM"] as const) process.emit(signal, signal);

  expect(end).toHaveBeenCalledExactlyOnceWith("SIGINT");
  expect(force).not.toHaveBeenCalled();
});

test("watchForEnd: a second key press later, the end is forced", () => {
  process.emit("SIGINT", "SIGINT");
  vi.advanceTimersByTime(1_000);
  process.emit("SIGINT", "SIGINT");

  expect(end).toHaveBeenCalledTimes(1);
  expect(force).toHaveBeenCalledTimes(1);
});

test("watchForEnd: the parent is another one than before, the end is asked for", () => {
  vi.spyOn(process, "ppid", "get").mockReturnValue(1);
  vi.advanceTimersByTime(500);

  expect(end).toHaveBeenCalledExactlyOnceWith("npm is gone");
});

test("watchForEnd: no longer watching, no listener is left", () => {
  const before = process.listenerCount("SIGINT");

  stopWatching();

  expect(process.listenerCount("SIGINT")).toBe(before - 1);
});
