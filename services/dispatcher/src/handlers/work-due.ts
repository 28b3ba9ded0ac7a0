// work.requested -> work.requested
import { workDueConsumer, workRequested } from "@tirage/contracts";
import { defineHandler } from "@tirage/messaging";

/** Puts postponed work whose time has come back on the work queue; a repeat has the same id and is swallowed. */
export const onWorkDue = () =>
  defineHandler({
    consumer: workDueConsumer,
    async handle({ payload }) {
      return [workRequested.create(payload)];
    },
  });
