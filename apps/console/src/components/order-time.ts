import type { Order } from "@tirage/client";

/** From when an order is waited for, in milliseconds since 1970: its start where that was set and came, else its ordering. */
export function readBeginning({ createdAt, startAt, finishedAt }: OrderTimes, nowMs: number): number {
  const orderedMs = Date.parse(createdAt);
  if (!startAt) return orderedMs;
  const startMs = Date.parse(startAt);
  const endMs = finishedAt ? Date.parse(finishedAt) : nowMs;
  return startMs <= endMs ? Math.max(orderedMs, startMs) : orderedMs;
}

/** How long the order took or has taken, with what it waited in the queue. */
export const elapsedOf = (order: OrderTimes, nowMs: number): number =>
  Math.max(0, (order.finishedAt ? Date.parse(order.finishedAt) : nowMs) - readBeginning(order, nowMs));

type OrderTimes = Pick<Order, "createdAt" | "finishedAt" | "startAt">;
