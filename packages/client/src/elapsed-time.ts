import type { Order } from "./types.ts";

type OrderTimes = Pick<Order, "createdAt" | "startAt" | "retriedAt" | "finishedAt">;

/**
 * From when an order is waited for, in milliseconds since 1970: its ordering, its start where that was set and came, or
 * its latest retry, so that what it lay ended before is not counted.
 */
export function readBeginning({ createdAt, startAt, retriedAt, finishedAt }: OrderTimes, nowMs: number): number {
  const endMs = finishedAt ? Date.parse(finishedAt) : nowMs;
  const beginnings = [createdAt, startAt, retriedAt].flatMap((instant) => (instant ? Date.parse(instant) : []));
  return Math.max(...beginnings.filter((beginningMs, index) => index === 0 || beginningMs <= endMs));
}

/** Whether what an order took is told from its retry on. A retry that has not begun yet changes nothing. */
export const isSinceRetry = (order: OrderTimes, nowMs: number): boolean =>
  order.retriedAt !== null && readBeginning(order, nowMs) === Date.parse(order.retriedAt);

/** How long an order took or has taken since its beginning, in milliseconds, with what it waited in the queue. */
export const readElapsedMs = (order: OrderTimes, nowMs: number): number =>
  Math.max(0, (order.finishedAt ? Date.parse(order.finishedAt) : nowMs) - readBeginning(order, nowMs));
