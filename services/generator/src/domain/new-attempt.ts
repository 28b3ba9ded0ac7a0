/**
 * Whether a generation that its provider failed is tried again by itself. A new attempt is a call of its own with its own
 * row of the ledger: what is recorded of a request never changes. Pure.
 */
import { attemptsPerRequest, maximumAttempts, workRequested } from "@tirage/contracts";
import type { NextAttempt, Work } from "./generation-result.ts";

/**
 * A failure that may pass, by what the provider charges for it: `unbilled` nothing, `interrupted` perhaps the time that
 * it ran. What may have been charged in full is never asked for again without a person or a top-up asking.
 */
export type PassingFailure = "unbilled" | "interrupted";

const newAttemptsAfter: Record<PassingFailure, number> = { unbilled: attemptsPerRequest - 1, interrupted: 1 };

/** The attempt that follows a failure; undefined when it is no passing one, or the attempts are used up. */
export function nextAttemptOf(work: Work, passing: PassingFailure | undefined): NextAttempt | undefined {
  const { attempt, firstAttempt = attempt } = work;
  if (passing === undefined || attempt >= maximumAttempts) return undefined;
  if (attempt - firstAttempt >= newAttemptsAfter[passing]) return undefined;
  return workRequested.create({ ...work, attempt: attempt + 1, firstAttempt });
}

/** The next attempt as a delivery announces it: a delivery of a later epoch follows one that the broker has lost. */
export function underEpoch({ payload }: NextAttempt, epoch: number): NextAttempt {
  return workRequested.create({ ...payload, epoch: Math.max(payload.epoch, epoch) });
}
