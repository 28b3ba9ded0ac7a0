import { itemFailed, itemIdOf, type MessageOf } from "@tirage/contracts";
import type { Logger } from "@tirage/messaging";
import { attemptKeyOf, type OpenItem } from "./domain/find-missing-items.ts";
import { addEntryOfItems } from "./enqueue-items.ts";
import type { DispatchedOrder, QueuePositions, RunQueue } from "./ports.ts";

/** An item that was dispatched again this often and still did not end is given up, unless it may be paid for. */
const dispatchedAgainAtMost = 5;
/** What may be paid for is never given up: its worker ends it, and is asked to this often from then on. */
const askAgainAfterMs = 600_000;
const largestMemory = 100_000;

export interface RedispatchDependencies {
  readonly positions: QueuePositions;
  readonly runQueue: RunQueue;
  readonly logger: Logger;
  readonly onRedispatched: (count: number) => void;
  /** Ends in the ledger those of the items that nobody has submitted; answers the ends that are to be announced. */
  readonly endLostItems: (
    provider: string,
    lost: readonly MessageOf<typeof itemFailed>[],
  ) => Promise<readonly MessageOf<typeof itemFailed>[]>;
}

export interface Redispatcher {
  /** Dispatches missing items of an order again, or ends those for which that has never helped and that nobody bought. */
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

interface Redispatched {
  readonly times: number;
  readonly at: number;
}

const never: Redispatched = { times: 0, at: Number.NEGATIVE_INFINITY };

export function createRedispatcher(dependencies: RedispatchDependencies): Redispatcher {
  const { positions, runQueue, logger, onRedispatched, endLostItems } = dependencies;
  /** How often each item was dispatched again; forgotten with the process, which only makes it patient. */
  const redispatches = new Map<string, Redispatched>();
  const lastOf = (item: OpenItem) => redispatches.get(attemptKeyOf(item)) ?? never;

  /** Those of the items that are not given up. */
  const giveUp = async (order: DispatchedOrder, items: readonly OpenItem[]): Promise<readonly OpenItem[]> => {
    if (items.length === 0) return [];
    const ended = await endLostItems(order.provider, items.map(lostItem));
    for (const end of ended) {
      const { orderId, index, attempt } = end.payload;
      logger.error({ orderId, index, attempt }, "item is given up");
      await positions.announce(end);
    }
    const endedIds = new Set(ended.map(({ payload }) => payload.itemId));
    return items.filter(({ orderId, index }) => !endedIds.has(itemIdOf(orderId, index)));
  };
  return {
    async redispatch(order, missing, epoch) {
      const { orderId } = order;
      const now = performance.now();
      const isWornOut = (item: OpenItem) => lastOf(item).times >= dispatchedAgainAtMost;
      const kept = await giveUp(order, missing.filter(isWornOut));
      const again = [
        ...missing.filter((item) => !isWornOut(item)),
        ...kept.filter((item) => now - lastOf(item).at >= askAgainAfterMs),
      ].sort((one, other) => one.index - other.index);
      // At the ledger's highest attempt: where that is over, its row answers with the end or with the attempt that follows.
      const held = await addEntryOfItems(runQueue, order, again, epoch);
      if (held.length === 0) return;
      if (redispatches.size > largestMemory) redispatches.clear();
      const heldIndexes = new Set(held.map(({ index }) => index));
      for (const item of again.filter(({ index }) => heldIndexes.has(index))) {
        redispatches.set(attemptKeyOf(item), { times: lastOf(item).times + 1, at: now });
      }
      onRedispatched(held.length);
      const indexes = held.slice(0, 10).map(({ index }) => index);
      logger.warn({ orderId, items: held.length, indexes, epoch }, "items are dispatched again");
    },
  };
}
