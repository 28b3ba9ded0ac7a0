// work.requested -> work.requested
import { workDueConsumer, workRequested } from "@tirage/contracts";
import { defineHandler } from "@tirage/messaging";
import type { RunQueue } from "../ports.ts";

/** Puts postponed work whose time has come back on the work queue, unless the item is there already. */
export const onWorkDue = ({ runQueue }: { runQueue: Pick<RunQueue, "publishWork"> }) =>
  defineHandler({
    consumer: workDueConsumer,
    async handle({ payload }) {
      await runQueue.publishWork(workRequested.create(payload));
      return [];
    },
  });
