import { type MessageOf, type OrderRow, orderTopUpRequested } from "@tirage/contracts";
import { announceOrder, type OrderAnnouncement } from "./announce-order.ts";
import type { TopUp } from "./top-up.ts";

type Announcement = OrderAnnouncement | MessageOf<typeof orderTopUpRequested>;

/** What is told of orders, changed or not: their state, and the extra items that nobody may have heard of. */
export function announceSettled({
  orders,
  topUps,
}: {
  readonly orders: readonly OrderRow[];
  readonly topUps: readonly TopUp[];
}): Announcement[] {
  const requested = topUps.map(({ orderId, items }) => orderTopUpRequested.create({ orderId, items: [...items] }));
  return [...requested, ...orders.flatMap(announceOrder)];
}
