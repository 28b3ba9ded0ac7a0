/** Repeats one step of a generation in place, so that its failure undoes none of the steps before it. */
import { setTimeout as delay } from "node:timers/promises";
import { type Logger, RetryLaterError } from "@tirage/messaging";
import { pollDelayMs } from "../domain/schedules.ts";

export interface RetryStepOptions {
  /** For the log. */
  readonly step: string;
  readonly logger: Logger;
  /** Ends the repeating, with its reason; the step is tried at least once. Absent: repeated while the process lives. */
  readonly signal?: AbortSignal;
  /** The last error is thrown after this long. */
  readonly giveUpAfterMs?: number;
  /** What is worth repeating; only a RetryLaterError when absent. */
  readonly isRetryable?: (error: unknown) => boolean;
}

export async function retryStep<Result>(
  run: () => Promise<Result>,
  { step, logger, signal, giveUpAfterMs = Number.POSITIVE_INFINITY, isRetryable }: RetryStepOptions,
): Promise<Result> {
  const begun = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      signal?.throwIfAborted();
      const worthRepeating = isRetryable ? isRetryable(error) : error instanceof RetryLaterError;
      if (!worthRepeating || performance.now() - begun > giveUpAfterMs) throw error;
      const delayMs = error instanceof RetryLaterError ? error.delayMs : pollDelayMs(tries);
      logger.warn({ step, tries, delayMs, error: String(error) }, "a step of the generation is repeated");
      await delay(delayMs, undefined, { ...(signal ? { signal } : {}) }).catch(() => undefined);
      signal?.throwIfAborted();
    }
  }
}
