/** Where an order that changed stands in a list that is shown. Pure. */
import type { Order, Page } from "@tirage/client";
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
    return { ...page, data: page.data.map((kept) => (isOvertaken(kept, order) ? order : kept)) };
  });
  const [first, ...others] = placed;
  if (isListed || !first || !passes(order, filter)) return { pages: placed };
  const [newest] = first.data;
  if (newest && newest.createdAt > order.createdAt) return { pages: placed };
  return { pages: [{ ...first, data: [order, ...first.data] }, ...others] };
}

const isOvertaken = (kept: Order, told: Order): boolean => kept.id === told.id && kept.version <= told.version;

const passes = (order: Order, { status, model }: OrdersSearch): boolean =>
  (status === undefined || order.status === status) && (model === undefined || order.model === model);
