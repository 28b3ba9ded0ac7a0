// order.retry_requested -> order.updated
import { orderRetryConsumer, orderUpdated } from "@tirage/contracts";
import { defineHandler, type Handler } from "@tirage/messaging";
import { announceOrder } from "../domain/announce-order.ts";
import type { RollupStore } from "../ports.ts";

export const retryConsumer = orderRetryConsumer("status-aggregator");

/**
 * Sets the items pending. Those that the dispatcher had run meanwhile are further already and stay as they are; the
 * end of the order is told by the events of its items.
 */
export function createRetryHandler({ store }: { store: RollupStore }): Handler<typeof retryConsumer> {
  return defineHandler({
    consumer: retryConsumer,
    async handle({ payload: { orderId, attempt, indexes }, logger }) {
      const { orders } = await store.reopen({ orderId, attempt, indexes });
      for (const { status, version } of orders) logger.info({ status, version, attempt }, "items are pending again");
      return orders.flatMap(announceOrder).filter((message) => message.name === orderUpdated.name);
    },
  });
}
