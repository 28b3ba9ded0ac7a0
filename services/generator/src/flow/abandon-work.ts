/** Work that is given up, such as for killing its workers: its row ends as well, so that nothing stays open. */
import { setTimeout as delay } from "node:timers/promises";
import { HandBackError } from "@tirage/messaging";
import {
  failedResult,
  type GenerationResult,
  isEnd,
  readRecord,
  recordOf,
  type Work,
} from "../domain/generation-result.ts";
import type { Ledger } from "../ports.ts";
import { type RetryStepOptions, retryStep } from "./retry-step.ts";

export interface AbandonOptions {
  readonly ledger: Ledger;
  readonly workerId: string;
  readonly logger: RetryStepOptions["logger"];
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

const afterLeaseMs = 100;

/**
 * The end of the item; nothing when the ledger knows better: a worker has the call, or another attempt follows.
 * @throws HandBackError when the process stops first.
 */
export async function abandonWork(
  work: Work,
  { code, message }: { readonly code: string; readonly message: string },
  { ledger, workerId, logger, signal }: AbandonOptions,
): Promise<readonly GenerationResult[]> {
  const failure = { code, message: `${message}; what was submitted of it may be charged`, retryable: true };
  const record = recordOf(failedResult(work, failure, { workerId, finishedAt: new Date() }));
  const abandon = () =>
    retryStep(() => ledger.abandon(work, work.provider, record), { step: "abandon", logger, signal }).catch(
      (error: unknown) => {
        throw signal.aborted ? new HandBackError("stopping before the work was given up", { cause: error }) : error;
      },
    );
  let answer = await abandon();
  if (answer.kind === "held") {
    // Of the worker that died last; one that lives renews it.
    await delay(answer.leaseLeftMs + afterLeaseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new HandBackError("stopping before the lease was over");
    answer = await abandon();
  }
  return answer.kind === "finished" ? [readRecord(answer.result)].filter(isEnd) : [];
}
