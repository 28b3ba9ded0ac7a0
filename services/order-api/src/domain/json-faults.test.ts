import { expect, test } from "vitest";
import { jsonFaults } from "./json-faults.ts";

const nestedArray = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));

test("body: text, emoji and shallow nesting, nothing is wrong", () => {
  expect(jsonFaults({ prompt: "a 🏠\n", parameters: { list: [1, null, { deep: true }] } })).toEqual([]);
  expect(jsonFaults(undefined)).toEqual([]);
});

test("body: NUL and lone surrogates in values and names, each with its pointer", () => {
  const pointers = jsonFaults({ prompt: "\0", list: ["ok", "\udc00"], "a/b": { "x\0": 1 } }).map(
    ({ pointer }) => pointer,
  );

  expect(pointers.sort()).toEqual(["/a~1b", "/list/1", "/prompt"]);
});

test("body: nested 100,000 levels deep, one fault and no overflow", () => {
  expect(jsonFaults({ parameters: nestedArray(100_000) })).toMatchObject([{ pointer: "/parameters/0/0" }]);
  expect(jsonFaults(nestedArray(30))).toEqual([]);
});
