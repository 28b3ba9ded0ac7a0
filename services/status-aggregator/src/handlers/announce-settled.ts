import { type MessageOf, orderTopUpRequested } from "@tirage/contracts";
import { announceOrder, type OrderAnnouncement } from "../domain/announce-order.ts";
import type { SettledOrders } from "../ports.ts";

/** What is told of orders, changed or not: their state, and the extra items that nobody may have heard of. */
export function announceSettled({
  orders,
  topUps,
}: Pick<SettledOrders, "orders" | "topUps">): (OrderAnnouncement | MessageOf<typeof orderTopUpRequested>)[] {
  const requested = topUps.map(({ orderId, items }) => orderTopUpRequested.create({ orderId, items: [...items] }));
  return [...requested, ...orders.flatMap(announceOrder)];
}
