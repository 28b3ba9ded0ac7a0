import { expect, test } from "vitest";
import { readWaitSeconds } from "./prefer.ts";

test.each([
  ["wait=10", 10],
  ["wait", 60],
  ["WAIT = 5", 5],
  ['wait="7"', 7],
  ["respond-async, wait=10; strict", 10],
  ["wait=600", 60],
  ["wait=0", 0],
])("Prefer: %s, a wait of %i seconds", (header, seconds) => {
  expect(readWaitSeconds(header)).toBe(seconds);
});

test.each([[undefined], [""], ["respond-async"], ["wait=soon"], ["wait=-1"], ["wait=1.5"], ["wait="], ["waiting=5"]])(
  "Prefer: %s, no preference",
  (header) => {
    expect(readWaitSeconds(header)).toBeUndefined();
  },
);
