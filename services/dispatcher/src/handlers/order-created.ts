// order.created -> dispatch.entry, turn
import { orderCreatedConsumer } from "@tirage/contracts";
import { defineHandler } from "@tirage/messaging";
import type { RunQueue } from "../ports.ts";

/**
 * Puts the order at the tail of its tenant's ring. The entry comes first and the turn after it, so that whoever finds
 * the ring empty and ends its turn either sees the entry or leaves room for this turn. Repeating changes nothing.
 *
 * An order whose time has not come gets its entry from the reconciler when it has.
 */
export const onOrderCreated = ({ runQueue }: { runQueue: RunQueue }) =>
  defineHandler({
    consumer: orderCreatedConsumer,
    async handle({ payload: order }) {
      if (order.startAt !== undefined && Date.parse(order.startAt) > Date.now()) return [];
      await runQueue.addEntry({ order, next: 0, attempt: 1, epoch: 0 });
      await runQueue.ensureTurn({ provider: order.provider, lane: order.priority, tenantId: order.tenantId });
      return [];
    },
  });
