// order.cancel_requested -> nothing
import { setTimeout as delay } from "node:timers/promises";
import { orderCancelConsumer } from "@tirage/contracts";
import { defineHandler, HandBackError } from "@tirage/messaging";
import type { RunQueue } from "../ports.ts";

/** A turn that is being served may put a slice on the work queue after the first look. */
const againAfterMs = 1_000;

/** Takes the order off every queue, twice. A generator ends its items in the ledger, so what slips through never starts. */
export const onOrderCancelRequested = ({ runQueue }: { runQueue: RunQueue }) =>
  defineHandler({
    consumer: orderCancelConsumer("dispatcher"),
    async handle({ payload: { orderId, reason = "customer" }, signal, logger }) {
      const atOnce = await runQueue.removeOrder(orderId);
      await delay(againAfterMs, undefined, { signal }).catch(() => {
        throw new HandBackError("stopping before the second look");
      });
      const removed = atOnce + (await runQueue.removeOrder(orderId));
      logger.info({ reason, removed }, "order is off the queues");
      return [];
    },
  });
