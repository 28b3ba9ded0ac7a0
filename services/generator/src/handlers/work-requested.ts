// work.* -> item.started | item.completed | item.failed | item.cancelled
import type { workConsumer } from "@tirage/contracts";
import { defineHandler, type Handler } from "@tirage/messaging";
import { failedResult, outcomeOf, type Work } from "../domain/generation-result.ts";
import { abandonWork } from "../flow/abandon-work.ts";
import type { Generate } from "../flow/generation.ts";
import { againOf, placesOf } from "../flow/postpone-waits.ts";
import type { Ledger, Observations } from "../ports.ts";
import type { WorkerActivity } from "../worker-activity.ts";

export type WorkConsumer = ReturnType<typeof workConsumer>;

export interface WorkRequestedOptions {
  readonly consumer: WorkConsumer;
  readonly workerId: string;
  /** The flow of the consumer's provider: `createBilledGeneration` or `createUnbilledGeneration`. */
  readonly generate: Generate;
  /** Absent for a provider that charges nothing. */
  readonly ledger?: Ledger | undefined;
  readonly activity: WorkerActivity;
  readonly observations: Observations;
}

export function onWorkRequested(options: WorkRequestedOptions): Handler<WorkConsumer> {
  const { consumer, workerId, generate, ledger, activity, observations } = options;
  return defineHandler({
    consumer,
    async handle({ payload, signal, logger, announce }) {
      activity.begin(payload.itemId);
      let outcome: Parameters<WorkerActivity["end"]>[1] = "left";
      try {
        const result = await generate(payload, { signal, logger, announce });
        outcome = result.name === "item.completed" ? "completed" : "failed";
        observations.ended(payload.provider, outcomeOf(result));
        return [result];
      } finally {
        activity.end(payload.itemId, outcome);
      }
    },
    abandon({ payload }, { code, message, signal, logger }) {
      if (ledger) return abandonWork(payload, { code, message }, { ledger, workerId, signal, logger });
      return [failedResult(payload, { code, message, retryable: true }, { workerId, finishedAt: new Date() })];
    },
    // What costs nothing is fetched ahead by the thousand, and is delivered again just as well.
    ...(ledger && { handBack: ({ payload }: { payload: Work }) => placesOf(againOf(payload)) }),
  });
}
