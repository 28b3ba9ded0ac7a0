/**
 * What an order's row becomes when transitions of its items were made. Counters move by made transitions only, so what
 * changed no item changes no order.
 */
import { type Failure, type ItemStatus, isTerminal, type OrderRow, readProgress, rollUp } from "@tirage/contracts";
import type { ItemTransition } from "./fold-item-events.ts";

/** A transition that the item's row took, and what the row said before. */
export interface MadeTransition {
  readonly transition: ItemTransition;
  readonly previousStatus: ItemStatus;
  /** Products that the item's previous attempt counted for. */
  readonly previousProduced: number;
}

/** What all items of an ended order say together. */
export interface OrderEnding {
  /** When the last item ended; null when no item says when. */
  readonly finishedAt: Date | null;
  /** Of the failed item with the lowest index. */
  readonly firstFailure: Failure | null;
}

type CounterName = "itemsPending" | "itemsProcessing" | "itemsCompleted" | "itemsFailed" | "itemsCancelled";
const counterOf: Record<ItemStatus, CounterName> = {
  pending: "itemsPending",
  processing: "itemsProcessing",
  completed: "itemsCompleted",
  failed: "itemsFailed",
  cancelled: "itemsCancelled",
};

/** Whether every item of the order has ended. A retry may open it again. */
export function hasEnded(order: OrderRow): boolean {
  return isTerminal(order.status as ItemStatus);
}

/**
 * The order after its items' transitions: counters, status, start, and a version one higher. An order that has ended by
 * them (`hasEnded`) still needs `endOrder`. Without transitions, the order itself.
 */
export function moveOrder(order: OrderRow, made: readonly MadeTransition[]): OrderRow {
  if (made.length === 0) return order;
  const counters: Record<CounterName, number> = {
    itemsPending: order.itemsPending,
    itemsProcessing: order.itemsProcessing,
    itemsCompleted: order.itemsCompleted,
    itemsFailed: order.itemsFailed,
    itemsCancelled: order.itemsCancelled,
  };
  let { productsProduced } = order;
  for (const { transition, previousStatus, previousProduced } of made) {
    counters[counterOf[previousStatus]] -= 1;
    counters[counterOf[transition.status]] += 1;
    productsProduced += transition.outputs.length - previousProduced;
  }
  const counted = { ...order, ...counters, productsProduced };
  return {
    ...counted,
    ...rollUp(readProgress(counted)),
    version: order.version + 1,
    startedAt: earliest([order.startedAt, ...made.map(({ transition }) => startOf(transition))]),
    finishedAt: null,
    error: null,
  };
}

/** An order whose items had all ended, with this many more of them. */
export function addPendingItems(order: OrderRow, count: number): OrderRow {
  const itemsTotal = order.itemsTotal + count;
  const counted = { ...order, itemsTotal, itemsPending: order.itemsPending + count };
  return { ...counted, ...rollUp(readProgress(counted)) };
}

type Counts = Pick<OrderRow, CounterName | "itemsTotal" | "productsProduced" | "startedAt">;

/**
 * The order with counters and status as its items say, and a version one higher; one that has ended by them still needs
 * `endOrder`. The order itself when it says so already.
 */
export function recountedOrder(order: OrderRow, { startedAt, ...counts }: Counts): OrderRow {
  const counted = { ...order, ...counts };
  const rollup = rollUp(readProgress(counted));
  const isUnchanged =
    order.status === rollup.status &&
    order.partial === rollup.partial &&
    Object.entries(counts).every(([name, value]) => order[name as keyof OrderRow] === value);
  if (isUnchanged) return order;
  const version = order.version + 1;
  return { ...counted, ...rollup, version, startedAt: order.startedAt ?? startedAt, finishedAt: null, error: null };
}

/** An ended order with its end: when, and why it failed or why products are missing. */
export function endOrder(order: OrderRow, { finishedAt, firstFailure }: OrderEnding): OrderRow {
  const isFaultless = order.status === "cancelled" || (order.status === "completed" && !order.partial);
  return { ...order, finishedAt, error: isFaultless ? null : (firstFailure ?? missingProducts(order)) };
}

function missingProducts({ productsProduced, productsRequested }: OrderRow): Failure {
  const message = `${productsProduced} of ${productsRequested} products`;
  return { code: "partial_batch", message, retryable: false };
}

/** An item that ended without a known start had one all the same, unless it was stopped before. */
function startOf({ status, startedAt, finishedAt }: ItemTransition): Date | null {
  const instant = startedAt ?? (status === "cancelled" ? null : finishedAt);
  return instant === null ? null : new Date(instant);
}

function earliest(instants: readonly (Date | null)[]): Date | null {
  const known = instants.flatMap((instant) => (instant ? [instant.getTime()] : []));
  return known.length === 0 ? null : new Date(Math.min(...known));
}
