// item.started | item.completed | item.failed | item.cancelled -> order.updated | order.completed | order.failed | order.cancelled | order.top_up_requested
import { itemEventsConsumer } from "@tirage/contracts";
import { type BatchDelivery, type BatchHandler, defineBatchHandler, type Logger } from "@tirage/messaging";
import { announceSettled } from "../domain/announce-settled.ts";
import { foldItemEvents, type ItemEvent } from "../domain/fold-item-events.ts";
import type { AppliedTransitions, BatchObserver, RollupStore } from "../ports.ts";

/**
 * Applies a batch of item events in one transaction and announces every order that they speak of, changed or not: a
 * batch whose announcement was lost comes again, changes nothing, and is announced all the same.
 */
export function createItemEventsHandler({
  store,
  observer,
  logger,
}: {
  store: RollupStore;
  observer: BatchObserver;
  logger: Logger;
}): BatchHandler<typeof itemEventsConsumer> {
  return defineBatchHandler({
    consumer: itemEventsConsumer,
    async handle(deliveries) {
      const events = deliveries.flatMap(singleEvent);
      const result = await store.apply(foldItemEvents(events));
      observer.applied(events, result);
      logBatch(logger, events, result);
      return announceSettled(result);
    },
  });
}

/** Bundles never arrive here: messaging hands over what they carry. */
function singleEvent(delivery: BatchDelivery<typeof itemEventsConsumer>): ItemEvent[] {
  return delivery.name === "item.bundle" ? [] : [delivery];
}

function logBatch(
  logger: Logger,
  events: readonly ItemEvent[],
  { orders, ended, topUps, made, missingOrderIds }: AppliedTransitions,
) {
  const counts = { events: events.length, transitions: made.length, orders: orders.length };
  logger.debug(counts, "item events are applied");
  if (missingOrderIds.length > 0) logger.warn({ orderIds: missingOrderIds }, "events of missing orders are dropped");
  for (const { orderId, items } of topUps)
    logger.info({ orderId, items: items.length }, "order has extra items to run");
  for (const { id: orderId, status, partial, version } of ended) {
    logger.info({ orderId, status, partial, version }, "order has ended");
  }
}
