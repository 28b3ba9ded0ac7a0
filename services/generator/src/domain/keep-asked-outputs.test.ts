import { expect, test } from "vitest";
import { keepAskedOutputs } from "./keep-asked-outputs.ts";

test.each([
  ["as many as asked", [0, 1, 2], [0, 1, 2]],
  ["fewer, one left out", [2, 0], [0, 2]],
  ["more", [3, 2, 1, 0], [0, 1, 2]],
  ["more, some left out", [0, 4, 5], [0, 1, 2]],
  ["none", [], []],
])("keepAskedOutputs: of three asked, %s, keeps the first within the batch", (_case, given, kept) => {
  expect(
    keepAskedOutputs(
      given.map((index) => ({ index })),
      3,
    ).map(({ index }) => index),
  ).toEqual(kept);
});
