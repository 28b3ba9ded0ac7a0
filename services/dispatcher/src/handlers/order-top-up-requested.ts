// order.top_up_requested -> dispatch.entry, turn, work.requested
import { orderTopUpConsumer } from "@tirage/contracts";
import { defineHandler, PermanentError } from "@tirage/messaging";
import { enqueueItems } from "../enqueue-items.ts";
import type { OpenOrders, RunQueue } from "../ports.ts";

/** Queues what makes up for what is short. Each round starts at an index of its own, which serves as its epoch. */
export const onOrderTopUpRequested = ({ runQueue, openOrders }: { runQueue: RunQueue; openOrders: OpenOrders }) =>
  defineHandler({
    consumer: orderTopUpConsumer,
    async handle({ payload: { orderId, items, epoch }, logger }) {
      const order = await openOrders.readOrder(orderId);
      if (!order && (await openOrders.isDeleted(orderId))) return [];
      if (!order) throw new PermanentError("order_unknown", "there is no such order");
      const extra = items.map(({ index, batchSize }) => ({ index, batchSize, attempt: 1 }));
      await enqueueItems(runQueue, order, extra, epoch ?? items[0]?.index ?? 0);
      logger.info({ items: extra.length }, "extra items are queued");
      return [];
    },
  });
