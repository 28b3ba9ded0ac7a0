/**
 * The rollup: an order's status computed from its items. Pure, total, and dependent on counts only, so the order in
 * which facts arrive cannot matter.
 */
import { z } from "zod";

export const itemStatuses = ["pending", "processing", "completed", "failed", "cancelled"] as const;
export const itemStatus = z.enum(itemStatuses).meta({ id: "ItemStatus" });
export type ItemStatus = z.infer<typeof itemStatus>;

/** An order's status takes the same words as an item's. */
export const orderStatus = z.enum(itemStatuses).meta({ id: "OrderStatus" });
export type OrderStatus = z.infer<typeof orderStatus>;

const count = z.int().min(0);

export const progress = z
  .object({
    items: z.object({
      total: count,
      pending: count,
      processing: count,
      completed: count,
      failed: count,
      cancelled: count,
    }),
    products: z.object({ requested: count, produced: count }),
  })
  .meta({ id: "Progress" });
export type Progress = z.infer<typeof progress>;

export function isTerminal(status: ItemStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/**
 * Nothing started or finished is `pending`; not all terminal is `processing`; all terminal is `completed` when any
 * item completed (`partial` unless every requested product was produced), else `failed` when any failed, else
 * `cancelled`.
 */
export function rollUp({ items, products }: Progress): { status: OrderStatus; partial: boolean } {
  const terminal = items.completed + items.failed + items.cancelled;
  if (terminal < items.total || items.total === 0) {
    return { status: terminal + items.processing > 0 ? "processing" : "pending", partial: false };
  }
  if (items.completed > 0) return { status: "completed", partial: products.produced < products.requested };
  return { status: items.failed > 0 ? "failed" : "cancelled", partial: false };
}
