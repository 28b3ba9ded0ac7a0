import { expect, test } from "vitest";
import { type KeyMeaning, type KeyState, readKey } from "./read-keys.ts";

/** Presses keys, each with the milliseconds since the one before. */
function press(...presses: [key: string, afterMs: number][]): KeyMeaning[] {
  let state: KeyState = {};
  let nowMs = 0;
  return presses.flatMap(([key, afterMs]) => {
    nowMs += afterMs;
    const read = readKey(state, key, nowMs);
    state = read.state;
    return read.meaning ? [read.meaning] : [];
  });
}

test.each<[string, [string, number][], KeyMeaning[]]>([
  [
    "g o",
    [
      ["g", 0],
      ["o", 200],
    ],
    [{ kind: "jump", path: "/orders" }],
  ],
  [
    "g g",
    [
      ["g", 0],
      ["g", 200],
    ],
    [{ kind: "jump", path: "/gallery" }],
  ],
  ["o alone", [["o", 0]], []],
  [
    "g and, too late, o",
    [
      ["g", 0],
      ["o", 1_500],
    ],
    [],
  ],
  [
    "g x o: another key ends the pair",
    [
      ["g", 0],
      ["x", 100],
      ["o", 100],
    ],
    [],
  ],
  [
    "g and the name of a method",
    [
      ["g", 0],
      ["toString", 100],
    ],
    [],
  ],
  ["?", [["?", 0]], [{ kind: "shortcuts" }]],
])("readKey: %s", (_, presses, meanings) => {
  expect(press(...presses)).toEqual(meanings);
});
