import { expect, test } from "vitest";
import { readByteRange } from "./byte-range.ts";

test.each([
  ["bytes=0-0", { start: 0, end: 0 }],
  ["bytes=5-", { start: 5, end: 9 }],
  ["bytes=-3", { start: 7, end: 9 }],
  ["bytes=-30", { start: 0, end: 9 }],
  ["bytes=8-99", { start: 8, end: 9 }],
])("Range: %s of ten bytes, that part", (header, range) => {
  expect(readByteRange(header, 10)).toEqual(range);
});

test.each([["bytes=10-"], ["bytes=10-12"], ["bytes=-0"]])("Range: %s of ten bytes, unsatisfiable", (header) => {
  expect(readByteRange(header, 10)).toBe("unsatisfiable");
});

test.each([[undefined], ["bytes=-"], ["bytes=5-3"], ["bytes=0-1,3-4"], ["items=0-1"], ["bytes=a-b"]])(
  "Range: %s, the whole",
  (header) => {
    expect(readByteRange(header, 10)).toBeUndefined();
  },
);
