// order.retry_requested -> dispatch.entry, turn, work.requested
import { orderRetryConsumer } from "@tirage/contracts";
import { defineHandler, PermanentError } from "@tirage/messaging";
import { enqueueItems } from "../enqueue-items.ts";
import type { OpenOrders, RunQueue } from "../ports.ts";

/** Queues the items at the attempt that was asked for. Repeating changes nothing: the ledger answers what was run. */
export const onOrderRetryRequested = ({ runQueue, openOrders }: { runQueue: RunQueue; openOrders: OpenOrders }) =>
  defineHandler({
    consumer: orderRetryConsumer("dispatcher"),
    async handle({ payload: { orderId, attempt, indexes, epoch = 0 }, logger }) {
      const order = await openOrders.readOrder(orderId);
      if (!order && (await openOrders.isDeleted(orderId))) return [];
      if (!order) throw new PermanentError("order_unknown", "there is no such order");
      const known = await openOrders.readItems(orderId, indexes);
      const items = known.map(({ index, batchSize }) => ({ index, batchSize, attempt }));
      await enqueueItems(runQueue, order, items, epoch);
      logger.info({ attempt, items: items.length }, "items are queued again");
      return [];
    },
  });
