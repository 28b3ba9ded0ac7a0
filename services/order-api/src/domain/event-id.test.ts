import { expect, test } from "vitest";
import { beforeOrder, orderEventId, tenantEventId } from "./event-id.ts";

test.each([
  { version: 7, product: { version: 5, index: 12 } },
  { version: 0, product: beforeOrder.product },
])("orderEventId: written and read, the same position", (position) => {
  expect(orderEventId.read(orderEventId.write(position))).toEqual(position);
});

test.each([undefined, "", "7", "7.5", "7.5.x", "-1.0.0", "7.5.12.1", "9".repeat(20)])(
  "orderEventId: %j, none",
  (id) => {
    expect(orderEventId.read(id)).toBeUndefined();
  },
);

test("tenantEventId: written and read, the same moment; that of nothing told, none", () => {
  expect(tenantEventId.read(tenantEventId.write(1_790_000_000_123))).toBe(1_790_000_000_123);
  for (const id of [undefined, "", "0", "yesterday", "1e9"]) expect(tenantEventId.read(id)).toBeUndefined();
});
