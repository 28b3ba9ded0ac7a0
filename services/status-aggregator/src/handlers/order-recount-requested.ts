// order.recount_requested -> order.updated | order.completed | order.failed | order.cancelled | order.top_up_requested
import { orderRecountConsumer } from "@tirage/contracts";
import { defineHandler, type Handler } from "@tirage/messaging";
import { announceSettled } from "../domain/announce-settled.ts";
import type { RollupStore } from "../ports.ts";

/** Computes an order's counters from its items and products, and tells what the order then is. */
export function createRecountHandler({ store }: { store: RollupStore }): Handler<typeof orderRecountConsumer> {
  return defineHandler({
    consumer: orderRecountConsumer,
    async handle({ payload, logger }) {
      const settled = await store.recount(payload.orderId);
      for (const { status, version } of settled.ended) logger.info({ status, version }, "order has ended by a recount");
      return announceSettled(settled);
    },
  });
}
