import { itemFailed, itemIdOf } from "@tirage/contracts";
import type { Logger } from "@tirage/messaging";
import { attemptKeyOf, type OpenItem } from "./domain/find-missing-items.ts";
import { addEntryOfItems } from "./enqueue-items.ts";
import type { DispatchedOrder, QueuePositions, RunQueue } from "./ports.ts";

/** An item that was dispatched again this often and still did not end is given up: an order must end. */
const dispatchedAgainAtMost = 5;
const largestMemory = 100_000;

export interface RedispatchDependencies {
  readonly positions: QueuePositions;
  readonly runQueue: RunQueue;
  readonly logger: Logger;
  readonly onRedispatched: (count: number) => void;
}

export interface Redispatcher {
  /** Dispatches missing items of an order again, or ends those for which that has never helped. */
  redispatch(order: DispatchedOrder, missing: readonly OpenItem[], epoch: number): Promise<void>;
}

function lostItem({ orderId, index, attempt }: OpenItem) {
  const message = `dispatched again ${dispatchedAgainAtMost} times and never ended`;
  return itemFailed.create({
    itemId: itemIdOf(orderId, index),
    orderId,
    index,
    attempt,
    workerId: "dispatcher",
    error: { code: "lost", message, retryable: true },
    finishedAt: new Date().toISOString(),
  });
}

export function createRedispatcher({
  positions,
  runQueue,
  logger,
  onRedispatched,
}: RedispatchDependencies): Redispatcher {
  /** How often each item was dispatched again; forgotten with the process, which only makes it patient. */
  const redispatches = new Map<string, number>();
  const timesOf = (item: OpenItem) => redispatches.get(attemptKeyOf(item)) ?? 0;
  return {
    async redispatch(order, missing, epoch) {
      const { orderId } = order;
      for (const item of missing.filter((one) => timesOf(one) >= dispatchedAgainAtMost)) {
        logger.error({ orderId, index: item.index, attempt: item.attempt }, "item is given up");
        await positions.announce(lostItem(item));
      }
      const again = missing.filter((item) => timesOf(item) < dispatchedAgainAtMost);
      // At the ledger's highest attempt: where that is over, its row answers with the end or with the attempt that follows.
      const held = await addEntryOfItems(runQueue, order, again, epoch);
      if (held.length === 0) return;
      if (redispatches.size > largestMemory) redispatches.clear();
      const heldIndexes = new Set(held.map(({ index }) => index));
      for (const item of again.filter(({ index }) => heldIndexes.has(index))) {
        redispatches.set(attemptKeyOf(item), timesOf(item) + 1);
      }
      onRedispatched(held.length);
      const indexes = held.slice(0, 10).map(({ index }) => index);
      logger.warn({ orderId, items: held.length, indexes, epoch }, "items are dispatched again");
    },
  };
}
