/** Where an order that changed stands in a list that is shown. Pure. */
import type { Order, Page } from "@tirage/client";
import { keepNewestOrder } from "../../api/keep-newest.ts";
import type { OrdersSearch } from "./search.ts";

export interface OrderPages {
  readonly pages: readonly Page<Order>[];
}

/**
 * An order that is listed is replaced by its newer version, also by one that the filter would not let through any more:
 * a row that vanishes while it is read helps nobody. A new one comes first, when it is newer than all that are listed and
 * passes the filter. All others are on pages that are not shown.
 */
export function placeOrder({ pages }: OrderPages, order: Order, filter: OrdersSearch): { pages: Page<Order>[] } {
  let isListed = false;
  const placed = pages.map((page) => {
    if (!page.data.some(({ id }) => id === order.id)) return page;
    isListed = true;
    return { ...page, data: page.data.map((kept) => (kept.id === order.id ? keepNewestOrder(kept, order) : kept)) };
  });
  const [first, ...others] = placed;
  if (isListed || !first || !passes(order, filter)) return { pages: placed };
  const [newest] = first.data;
  if (newest && newest.createdAt > order.createdAt) return { pages: placed };
  return { pages: [{ ...first, data: [order, ...first.data] }, ...others] };
}

/** The list as it was read, but for orders of which a newer state was told while it was on its way. */
export function keepNewestOrders<Pages extends OrderPages>(kept: OrderPages | undefined, read: Pages): Pages {
  const known = new Map(kept?.pages.flatMap(({ data }) => data.map((order) => [order.id, order])));
  const pages = read.pages.map((page) => ({
    ...page,
    data: page.data.map((order) => keepNewestOrder(known.get(order.id), order)),
  }));
  return { ...read, pages };
}

/** New orders have come first until there are more rows than anyone looks through: the list is better read anew. */
export const hasOutgrown = ({ pages: [first] }: OrderPages): boolean => (first?.data.length ?? 0) > mostOnFirstPage;

const mostOnFirstPage = 200;

const passes = (order: Order, { status, model }: OrdersSearch): boolean =>
  (status === undefined || order.status === status) && (model === undefined || order.model === model);
