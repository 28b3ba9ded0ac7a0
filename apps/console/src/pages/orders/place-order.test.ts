import type { Order } from "@tirage/client";
import { expect, test } from "vitest";
import { placeOrder } from "./place-order.ts";
import type { OrdersSearch } from "./search.ts";

const order = (id: string, second: number, changes: Partial<Order> = {}) =>
  ({
    id,
    version: 1,
    status: "processing",
    model: "m",
    createdAt: new Date(second * 1_000).toISOString(),
    ...changes,
  }) as Order;
const listed = {
  pages: [
    { data: [order("b", 20), order("a", 10)], nextCursor: "x" },
    { data: [order("z", 5)], nextCursor: null },
  ],
};
const idsAfter = (told: Order, filter: OrdersSearch = {}) =>
  placeOrder(listed, told, filter).pages.map(({ data }) => data.map(({ id, version }) => `${id}${version}`));

test.each<[string, Order, OrdersSearch, string[][]]>([
  ["a listed order changed, it is replaced where it is", order("z", 5, { version: 2 }), {}, [["b1", "a1"], ["z2"]]],
  ["an older version comes late, the newer one stays", order("a", 10, { version: 0 }), {}, [["b1", "a1"], ["z1"]]],
  ["a new order, it comes first", order("c", 30), {}, [["c1", "b1", "a1"], ["z1"]]],
  [
    "a new order that the filter keeps out, it is not listed",
    order("c", 30),
    { status: "failed" },
    [["b1", "a1"], ["z1"]],
  ],
  ["an order of a page that is not shown, it is not listed", order("y", 1), {}, [["b1", "a1"], ["z1"]]],
  [
    "a listed order that the filter no longer lets through, it stays with its new state",
    order("a", 10, { version: 2, status: "completed" }),
    { status: "processing" },
    [["b1", "a2"], ["z1"]],
  ],
])("placeOrder: %s", (_, told, filter, ids) => {
  expect(idsAfter(told, filter)).toEqual(ids);
});
