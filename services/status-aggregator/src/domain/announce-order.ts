/** What is said about an order whose items were heard of: its present state and, once it has ended, its end. */
import {
  type MessageOf,
  maximumBodyBytes,
  type OrderRow,
  type OrderSnapshot,
  orderCancelled,
  orderCompleted,
  orderFailed,
  orderRowToOrder,
  orderUpdated,
} from "@tirage/contracts";

export type OrderAnnouncement = MessageOf<
  typeof orderUpdated | typeof orderCompleted | typeof orderFailed | typeof orderCancelled
>;

/** Room for what the message carries beside the order. */
const orderBytes = maximumBodyBytes - 1_024;

/**
 * The messages of an order in the given state. Their ids come from the order's version: the same state announced again
 * is the same message again.
 */
export function announceOrder(row: OrderRow): OrderAnnouncement[] {
  const { id: orderId, tenantId } = row;
  const order = orderRowToOrder(row);
  const { version, status, partial, progress } = order;
  const updated = orderUpdated.create({ orderId, tenantId, version, status, partial, progress });
  switch (status) {
    case "completed":
      return [updated, orderCompleted.create({ orderId, tenantId, order: fitIntoMessage(order) })];
    case "failed":
      return [updated, orderFailed.create({ orderId, tenantId, order: fitIntoMessage(order) })];
    case "cancelled":
      return [updated, orderCancelled.create({ orderId, tenantId, order: fitIntoMessage(order) })];
    default:
      return [updated];
  }
}

/**
 * What a customer wrote may not fit into a message together. Such an order travels without it: the end must be told,
 * and `urls.self` has the whole.
 */
function fitIntoMessage(order: OrderSnapshot): OrderSnapshot {
  if (Buffer.byteLength(JSON.stringify(order)) <= orderBytes) return order;
  return { ...order, prompt: "", parameters: {}, metadata: {} };
}
