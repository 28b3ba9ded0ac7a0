// order.cancel_requested -> item.cancelled, item.failed
import { maximumAttempts, orderCancelConsumer } from "@tirage/contracts";
import { defineHandler } from "@tirage/messaging";
import { failpoint } from "@tirage/service-kit/failpoint";
import { isEnd, readRecord, recordOf, stoppedResult } from "../domain/generation-result.ts";
import type { Ledger } from "../ports.ts";

/**
 * Ends in the ledger every item of the order that nobody has submitted, and announces it: one replica does it for all.
 * What is being run hears of the same message on its own (`flow/stop-requests.ts`) and ends with its own outcome.
 */
export const onOrderCancelRequested = ({ ledger, workerId }: { ledger: Ledger; workerId: string }) =>
  defineHandler({
    consumer: orderCancelConsumer("generator"),
    async handle({ payload: { orderId, attempt = maximumAttempts, reason = "customer" }, logger }) {
      const ending = { workerId, finishedAt: new Date() };
      const stopped = await ledger.stopUnstarted(orderId, attempt, (item) =>
        recordOf(stoppedResult(item, { reason, outcome: "not_started" }, ending)),
      );
      await failpoint("after_stop");
      logger.info({ reason, items: stopped.length }, "items that were not started are ended");
      return stopped
        .map(readRecord)
        .filter(isEnd)
        .filter((result) => result.name !== "item.completed");
    },
  });
