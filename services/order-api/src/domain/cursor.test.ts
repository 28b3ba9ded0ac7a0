import { expect, test } from "vitest";
import { deadLetterCursor, itemCursor, orderCursor, pageOfRows, productCursor } from "./cursor.ts";

const id = "01900000-0000-7000-8000-000000000000";

test("cursor: written and read again, the same position", () => {
  const position = { createdAt: new Date("2026-01-02T03:04:05.678Z"), id };

  expect(orderCursor.read(orderCursor.write(position))).toEqual(position);
  expect(itemCursor.read(itemCursor.write({ index: 41 }))).toEqual({ index: 41 });
  expect(productCursor.read(productCursor.write({ index: 3, id }))).toEqual({ index: 3, id });
  expect(deadLetterCursor.read(deadLetterCursor.write(7))).toBe(7);
});

test.each([["zz"], ["7"], [itemCursor.write({ index: 7 })], [productCursor.write({ index: 7, id })]])(
  "cursor: %s for dead letters, refused",
  (text) => {
    expect(deadLetterCursor.read(text)).toBeUndefined();
  },
);

test.each([["nonsense"], [""], ["W10"], [itemCursor.write({ index: 1 })]])("cursor: %s for orders, refused", (text) => {
  expect(orderCursor.read(text)).toBeUndefined();
});

test("pageOfRows: one row more than the limit, the page without it and the cursor of its last", () => {
  expect(pageOfRows([1, 2, 3], 2, String)).toEqual({ rows: [1, 2], nextCursor: "2" });
  expect(pageOfRows([1, 2], 2, String)).toEqual({ rows: [1, 2], nextCursor: null });
  expect(pageOfRows([], 2, String)).toEqual({ rows: [], nextCursor: null });
});
