/**
 * Compares Postgres with the queues and dispatches again what is on none of them. Postgres is the truth and the broker is
 * disposable: whatever it forgot is rebuilt here. All steps may be repeated, and by several dispatchers.
 */
import { itemFailed, itemIdOf } from "@tirage/contracts";
import type { Logger } from "@tirage/messaging";
import { forgetfulStreams, isYoungerThan } from "./domain/detect-amnesia.ts";
import {
  attemptKeyOf,
  findMissingItems,
  noSuspicions,
  type OpenItem,
  type Suspicions,
} from "./domain/find-missing-items.ts";
import { addEntryOfItems } from "./enqueue-items.ts";
import type {
  OpenOrderReads,
  OpenOrders,
  OrderToReconcile,
  QueuePositions,
  RunQueue,
  StreamPositions,
} from "./ports.ts";
import { createRequestReconciler } from "./reconcile-requests.ts";

/** An item that was dispatched again this often and still did not end is given up: an order must end. */
const dispatchedAgainAtMost = 5;

export interface ReconcilerDependencies {
  readonly openOrders: OpenOrders;
  readonly positions: QueuePositions;
  readonly runQueue: RunQueue;
  readonly logger: Logger;
  readonly onRedispatched: (count: number) => void;
  readonly onAmnesia: () => void;
}

/** What a sweep found; `amnesia`: the broker's data is not what it was, so look again soon. */
export type SweepOutcome = "swept" | "amnesia" | "elsewhere";

export interface Reconciler {
  /** @throws when Postgres or the broker does not answer; what was remembered stays. */
  sweep(): Promise<SweepOutcome>;
}

const keyOnQueue = ({ orderId, index }: OpenItem) => `${orderId}.${index}`;

export function createReconciler(dependencies: ReconcilerDependencies): Reconciler {
  const { openOrders, positions, runQueue, logger, onRedispatched, onAmnesia } = dependencies;
  const requests = createRequestReconciler(positions);
  let suspicions: Suspicions = noSuspicions;
  let remembered: StreamPositions | undefined;
  /** How often each item was dispatched again, of those still open. */
  let redispatches = new Map<string, number>();

  const forget = () => {
    suspicions = noSuspicions;
    requests.forget();
  };
  const notice = (before: StreamPositions, suspects: readonly OrderToReconcile[]): boolean => {
    const [oldest] = suspects;
    const forgetful = remembered
      ? forgetfulStreams(remembered, before)
      : Object.entries(before).flatMap(([name, at]) => (isYoungerThan(at, oldest?.createdAt) ? [name] : []));
    remembered = before;
    if (forgetful.length === 0) return false;
    logger.error({ alarm: "broker_amnesia", streams: forgetful }, "the broker has lost what it had stored");
    onAmnesia();
    forget();
    return true;
  };
  const giveUp = async (item: OpenItem) => {
    const { orderId, index, attempt } = item;
    const message = `dispatched again ${dispatchedAgainAtMost} times and never ended`;
    logger.error({ orderId, index, attempt }, "item is given up");
    await positions.announce(
      itemFailed.create({
        itemId: itemIdOf(orderId, index),
        orderId,
        index,
        attempt,
        workerId: "dispatcher",
        error: { code: "lost", message, retryable: true },
        finishedAt: new Date().toISOString(),
      }),
    );
  };
  const redispatch = async ({ order }: OrderToReconcile, missing: readonly OpenItem[], epoch: number) => {
    const timesOf = (item: OpenItem) => redispatches.get(attemptKeyOf(item)) ?? 0;
    for (const item of missing.filter((one) => timesOf(one) >= dispatchedAgainAtMost)) await giveUp(item);
    const again = missing.filter((item) => timesOf(item) < dispatchedAgainAtMost);
    // From the first attempt on: the ledger's row of each attempt that is over leads to the next, and the limit holds.
    const items = again.map(({ index, batchSize, firstAttempt }) => ({ index, batchSize, attempt: firstAttempt }));
    const dispatched = await addEntryOfItems(runQueue, order, items, epoch);
    if (dispatched.length === 0) return;
    const { orderId } = order;
    const heldIndexes = new Set(dispatched.map(({ index }) => index));
    for (const item of again.filter(({ index }) => heldIndexes.has(index))) {
      redispatches.set(attemptKeyOf(item), timesOf(item) + 1);
    }
    onRedispatched(dispatched.length);
    const indexes = dispatched.slice(0, 10).map(({ index }) => index);
    logger.warn({ orderId, items: dispatched.length, indexes, epoch }, "items are dispatched again");
  };
  /** Its message was acknowledged before its time; now it gets its entry, which is nothing to count. */
  const begin = async ({ order }: OrderToReconcile) => {
    const added = await runQueue.addEntry({ order, next: 0, attempt: 1, epoch: 0 });
    await runQueue.ensureTurn({ provider: order.provider, lane: order.priority, tenantId: order.tenantId });
    if (added) logger.info({ orderId: order.orderId }, "order is due and queued");
  };

  const sweep = async (reads: OpenOrderReads): Promise<SweepOutcome> => {
    const epoch = Math.floor(Date.now() / 1_000);
    const before = await positions.streams();
    const acknowledged = await positions.acknowledged();
    const orders = await reads.ordersWithoutEntry(await positions.ordersWithEntry());
    const queued = await positions.queuedItems();
    const openItems = await reads.openItems(orders.map(({ order }) => order.orderId));
    const { orders: ordersNow, items: itemsNow } = await positions.streams();

    const orderOf = new Map(orders.map((order) => [order.order.orderId, order]));
    const absent = openItems.filter((item) => !queued.has(keyOnQueue(item)));
    const absentIds = new Set(absent.map(({ orderId }) => orderId));
    if (
      notice(
        before,
        orders.filter(({ order }) => absentIds.has(order.orderId)),
      )
    )
      return "amnesia";

    const last = { orders: ordersNow.lastSequence, items: itemsNow.lastSequence };
    const found = findMissingItems({ absent, suspicions, acknowledged, last });
    for (const order of orders) {
      const isUntouched = order.isNotStarted && absentIds.has(order.order.orderId);
      if (
        isUntouched &&
        !absent.some((item) => item.orderId === order.order.orderId && suspicions.has(attemptKeyOf(item)))
      ) {
        await begin(order);
      }
    }
    for (const [orderId, missing] of Map.groupBy(found.missing, (item) => item.orderId)) {
      const order = orderOf.get(orderId);
      if (order) await redispatch(order, missing, epoch);
    }
    suspicions = found.suspicions;
    const openKeys = new Set(openItems.map(attemptKeyOf));
    const openIds = new Set(openItems.map(({ orderId }) => orderId));
    if (redispatches.size > 100_000) redispatches = new Map([...redispatches].filter(([key]) => openKeys.has(key)));
    await requests.askAgain(
      reads,
      [...orderOf.keys()].filter((orderId) => !openIds.has(orderId)),
      epoch,
    );
    return "swept";
  };
  return {
    async sweep() {
      let outcome: SweepOutcome = "elsewhere";
      const wasOurs = await openOrders.exclusively(async (reads) => {
        outcome = await sweep(reads);
      });
      // Another dispatcher is at it: what this one remembers would be of no use after it.
      if (!wasOurs) suspicions = noSuspicions;
      return outcome;
    },
  };
}
