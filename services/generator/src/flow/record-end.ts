/** The end of a call: recorded in the ledger before anybody hears of it, and an earlier one that is recorded stands. */
import type { Failure } from "@tirage/contracts";
import { RetryLaterError } from "@tirage/messaging";
import { failpoint } from "@tirage/service-kit/failpoint";
import {
  type CallResult,
  failedResult,
  type GenerationResult,
  isEnd,
  readRecord,
  recordOf,
  stoppedResult,
  type Work,
} from "../domain/generation-result.ts";
import { nextAttemptOf, underEpoch } from "../domain/new-attempt.ts";
import { newAttemptDelayMs } from "../domain/schedules.ts";
import type { EndedRequest } from "./await-request.ts";
import type { BilledRun } from "./billed-run.ts";
import { postponed } from "./postpone-waits.ts";
import { retryStep } from "./retry-step.ts";

const afterSupersededMs = 1_000;

/** What is known of the call beside its failure. */
interface KnownCall {
  readonly requestId?: string;
  readonly charged?: number | undefined;
}

/** Ends a request that its provider ended without outputs: for good, or with another attempt to follow. */
export function endFailed(
  run: BilledRun,
  ended: Extract<EndedRequest, { kind: "failed" }>,
  requestId: string,
): Promise<GenerationResult> {
  const { work, stopping, options, circumstances } = run;
  const { reason } = stopping;
  // Ended because somebody else stopped it, it has failed; ended because we asked, it is stopped.
  if (reason && ended.stopped) return endStopped(run, { reason, outcome: ended.stopped }, requestId);
  const next = reason ? undefined : nextAttemptOf(work, ended.passing);
  if (!next) return fail(run, ended.failure, { requestId, charged: ended.charged });
  circumstances.logger.warn({ ...ended.failure, attempt: work.attempt }, "the provider failed; tried again");
  options.observations.newAttempt(options.provider.name);
  return record(run, next, requestId);
}

export function fail(run: BilledRun, failure: Failure, known: KnownCall = {}): Promise<GenerationResult> {
  const { workerId } = run.options;
  const ending = { ...known, workerId, recovery: run.recovery, finishedAt: new Date() };
  return record(run, failedResult(run.work, failure, ending), known.requestId);
}

export function endStopped(
  run: BilledRun,
  how: Parameters<typeof stoppedResult>[1],
  requestId?: string,
): Promise<GenerationResult> {
  const { workerId } = run.options;
  const ending = { workerId, requestId, recovery: run.recovery, finishedAt: new Date() };
  return record(run, stoppedResult(run.work, how, ending), requestId);
}

/** @throws PostponeError when another attempt follows. */
export async function record(
  run: BilledRun,
  result: CallResult,
  requestId: string | undefined,
): Promise<GenerationResult> {
  const { options, work, key, lease, circumstances } = run;
  const answer = await retryStep(() => options.ledger.finish(key, requestId, recordOf(result)), {
    step: "finish",
    logger: circumstances.logger,
    signal: lease.signal,
  });
  if (answer.kind === "superseded") {
    throw new RetryLaterError("superseded", "the ledger follows another request of this generation", {
      delayMs: afterSupersededMs,
    });
  }
  await failpoint("after_finish");
  lease.end();
  return announced(work, answer.result);
}

/**
 * What a finished row has its delivery announce, however often: the end of the item, or the attempt that follows.
 * @throws PostponeError with the work of that attempt.
 */
export function announced(work: Work, recorded: unknown): GenerationResult {
  const result = readRecord(recorded);
  if (isEnd(result)) return result;
  const { attempt, firstAttempt = attempt } = result.payload;
  throw postponed(underEpoch(result, work.epoch), {
    code: "new_attempt",
    message: `attempt ${work.attempt} failed in passing; attempt ${attempt} follows`,
    delayMs: newAttemptDelayMs(attempt - firstAttempt, Math.random()),
  });
}
