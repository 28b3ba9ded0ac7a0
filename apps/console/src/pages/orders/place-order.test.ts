import type { Order } from "@tirage/client";
import { expect, test } from "vitest";
import { hasOutgrown, keepNewestOrders, placeOrder } from "./place-order.ts";
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

test("keepNewestOrders: a page that was overtaken on its way, the newer states that were told, in the page's places", () => {
  const kept = { pages: [{ data: [order("c", 30), order("a", 10, { version: 3 })], nextCursor: null }] };

  const { pages } = keepNewestOrders(kept, listed);

  expect(pages.map(({ data }) => data.map(({ id, version }) => `${id}${version}`))).toEqual([["b1", "a3"], ["z1"]]);
  expect(keepNewestOrders(undefined, listed)).toEqual(listed);
});

test("hasOutgrown: a page as it is read, not; hundreds of new orders before it, it has", () => {
  const grow = (count: number) =>
    Array.from({ length: count }, (_, place) => order(`n${place}`, 100 + place)).reduce(
      (pages, told) => placeOrder(pages, told, {}),
      listed as ReturnType<typeof placeOrder>,
    );

  expect([hasOutgrown(listed), hasOutgrown(grow(198)), hasOutgrown(grow(199))]).toEqual([false, false, true]);
});
