/**
 * Compares Postgres with the queues and dispatches again what is on none of them. Postgres is the truth and the broker is
 * disposable: whatever it forgot is rebuilt here. All steps may be repeated, and by several dispatchers.
 */
import {
  attemptKeyOf,
  findMissingItems,
  noSuspicions,
  type OpenItem,
  type Sequences,
  type Suspicions,
} from "./domain/find-missing-items.ts";
import type {
  OpenOrderReads,
  OpenOrders,
  OrderToReconcile,
  QueuePositions,
  RunQueue,
  StreamPositions,
} from "./ports.ts";
import { createRequestReconciler } from "./reconcile-requests.ts";
import { createRedispatcher, type RedispatchDependencies } from "./redispatch-items.ts";
import { createAmnesiaWatch } from "./watch-amnesia.ts";

export interface ReconcilerDependencies extends RedispatchDependencies {
  readonly openOrders: OpenOrders;
  readonly onAmnesia: () => void;
}

/** What a sweep found; `amnesia`: the broker's data is not what it was, so look again soon. */
export type SweepOutcome = "swept" | "amnesia" | "elsewhere";

export interface Reconciler {
  /** @throws when Postgres or the broker does not answer; what was remembered stays. */
  sweep(): Promise<SweepOutcome>;
}

interface Findings {
  readonly streams: StreamPositions;
  readonly acknowledged: Sequences;
  readonly last: Sequences;
  /** Open, due, announced, without an entry. */
  readonly orders: ReadonlyMap<string, OrderToReconcile>;
  readonly openItems: readonly OpenItem[];
  /** Of the open items those that are on no queue. */
  readonly absent: readonly OpenItem[];
}

/**
 * Reads in the order of the flow, so that nothing slips past between two reads: what is handled before the queues, each
 * queue before the one that it feeds, and the last sequences after them all.
 */
async function look(positions: QueuePositions, reads: OpenOrderReads): Promise<Findings> {
  const streams = await positions.streams();
  const acknowledged = await positions.acknowledged();
  const found = await reads.ordersWithoutEntry(await positions.ordersWithEntry());
  const queued = await positions.queuedItems();
  const orders = new Map(found.map((order) => [order.order.orderId, order]));
  const openItems = await reads.openItems([...orders.keys()]);
  const after = await positions.streams();
  return {
    streams,
    acknowledged,
    last: { orders: after.orders.lastSequence, items: after.items.lastSequence },
    orders,
    openItems,
    absent: openItems.filter(({ orderId, index }) => !queued.has(`${orderId}.${index}`)),
  };
}

/** Its message was acknowledged before its time; now it gets its entry, which is nothing to count. */
async function begin(runQueue: RunQueue, { order }: OrderToReconcile): Promise<void> {
  await runQueue.addEntry({ order, next: 0, attempt: 1, epoch: 0 });
  await runQueue.ensureTurn({ provider: order.provider, lane: order.priority, tenantId: order.tenantId });
}

export function createReconciler(dependencies: ReconcilerDependencies): Reconciler {
  const { openOrders, positions, runQueue } = dependencies;
  const requests = createRequestReconciler(positions);
  const redispatcher = createRedispatcher(dependencies);
  const hasForgotten = createAmnesiaWatch(dependencies);
  let suspicions: Suspicions = noSuspicions;

  const sweep = async (reads: OpenOrderReads): Promise<SweepOutcome> => {
    const epoch = Math.floor(Date.now() / 1_000);
    const { streams, acknowledged, last, orders, openItems, absent } = await look(positions, reads);
    const absentOf = Map.groupBy(absent, ({ orderId }) => orderId);
    const oldestAbsent = [...orders.values()].find(({ order }) => absentOf.has(order.orderId));
    if (hasForgotten(streams, oldestAbsent?.createdAt)) {
      suspicions = noSuspicions;
      requests.forget();
      return "amnesia";
    }
    for (const [orderId, items] of absentOf) {
      const order = orders.get(orderId);
      const isFirstSight = !items.some((item) => suspicions.has(attemptKeyOf(item)));
      if (order?.isNotStarted && isFirstSight) await begin(runQueue, order);
    }
    const found = findMissingItems({ absent, suspicions, acknowledged, last });
    for (const [orderId, missing] of Map.groupBy(found.missing, (item) => item.orderId)) {
      const order = orders.get(orderId);
      if (order) await redispatcher.redispatch(order.order, missing, epoch);
    }
    suspicions = found.suspicions;
    const openIds = new Set(openItems.map(({ orderId }) => orderId));
    const quietOrderIds = [...orders.keys()].filter((orderId) => !openIds.has(orderId));
    await requests.askAgain(reads, quietOrderIds, epoch);
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
