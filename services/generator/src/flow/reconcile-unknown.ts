/**
 * What becomes of a submit that was begun and whose answer was never recorded: it may have been accepted and charged. Asks
 * whoever can know, in this order: the provider's callback, which carries our nonce -> the provider's listing -> the
 * submitting worker, which may still record its answer within the grace -> the policy.
 */
import type { Failure } from "@tirage/contracts";
import { HandBackError, type Logger, RetryLaterError } from "@tirage/messaging";
import { estimateCallMicroUsd } from "../domain/estimate-call.ts";
import type { Recovery } from "../domain/generation-result.ts";
import { unknownDelayMs } from "../domain/schedules.ts";
import { decideOnUnknown, type UnknownPolicy } from "../domain/submit-rules.ts";
import type { BilledProvider, CallKey, Claim, ClaimVerdict, Ledger, Observations, SubmitRequest } from "../ports.ts";

export interface UnknownSubmit {
  readonly provider: BilledProvider;
  readonly ledger: Ledger;
  readonly observations: Observations;
  readonly key: CallKey;
  readonly claim: Claim;
  readonly unknown: Extract<ClaimVerdict, { kind: "unknown" }>;
  readonly request: SubmitRequest;
  readonly policy: UnknownPolicy;
  /** Ends the search with its reason. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export type Reconciled =
  /** The provider has accepted it: wait for this request. */
  | { readonly kind: "found"; readonly requestId: string; readonly recovery: Recovery }
  /** Submit it under this claim, once. */
  | { readonly kind: "resubmit"; readonly claim: Claim; readonly recovery: Recovery }
  | { readonly kind: "failed"; readonly failure: Failure };

/** @throws RetryLaterError while the outcome may still turn up; HandBackError when the lease was lost. */
export async function reconcileUnknown(submit: UnknownSubmit): Promise<Reconciled> {
  const { provider, ledger, observations, logger, unknown } = submit;
  const calledBack = await ledger.readCallback(unknown.nonce);
  if (calledBack !== undefined) return adopt(submit, calledBack, "callback");
  const listed = await findInListing(submit);
  if (listed !== undefined) return adopt(submit, listed, "listing");
  const priceMicroUsd = estimateCallMicroUsd(provider.name, submit.request);
  const decision = decideOnUnknown({ ...unknown, provider: provider.name, priceMicroUsd }, submit.policy);
  switch (decision.kind) {
    case "wait":
      throw stillUnknown();
    case "resubmit":
      return resubmit(submit);
    case "give_up":
      observations.submitUnknownDecided(provider.name, "failed");
      logger.error({ submitAgeMs: unknown.submitAgeMs }, "the outcome of a submit stayed unknown; the item fails");
      return { kind: "failed", failure: decision.failure };
  }
}

const stillUnknown = () =>
  new RetryLaterError("submit_unknown", "it is not known yet whether the provider accepted this generation", {
    delayMs: unknownDelayMs,
  });

/** From here on the call is like any other that was accepted. */
async function adopt(submit: UnknownSubmit, requestId: string, recovery: "callback" | "listing"): Promise<Reconciled> {
  const { provider, ledger, observations, key, claim, logger } = submit;
  const { recorded, held } = await ledger.adopt(key, claim, requestId, recovery);
  if (!recorded || !held) throw new HandBackError("another worker decided the outcome of this submit meanwhile");
  observations.submitUnknownDecided(provider.name, recovery);
  logger.info({ requestId, recovery }, "the request of a submit whose answer was lost is found");
  return { kind: "found", requestId, recovery };
}

/** The one candidate that no other call has; with none, or several, nothing is decided. */
async function findInListing(submit: UnknownSubmit): Promise<string | undefined> {
  const { provider, ledger, unknown, request, signal, logger } = submit;
  if (!provider.findSubmission) return undefined;
  const submittedAt = new Date(Date.now() - unknown.submitAgeMs);
  try {
    const { requestIds, surely } = await provider.findSubmission({ request, submittedAt, signal });
    const known = surely ? new Set() : await ledger.knownRequestIds(provider.name, requestIds);
    const candidates = requestIds.filter((requestId) => !known.has(requestId));
    if (candidates.length > 1) logger.warn({ candidates }, "several requests may be the one whose answer was lost");
    return candidates.length === 1 ? candidates[0] : undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RetryLaterError)) throw error;
    logger.warn({ code: error.code, error: error.message }, "the provider did not list its requests");
    // Not listed is not the same as not there: the policy must not decide on it.
    throw stillUnknown();
  }
}

async function resubmit(submit: UnknownSubmit): Promise<Reconciled> {
  const { provider, ledger, observations, key, claim, policy, logger, unknown } = submit;
  const given = await ledger.resubmit(key, claim, policy);
  if (!given) throw stillUnknown();
  observations.submitUnknownDecided(provider.name, "resubmitted");
  logger.error({ submits: unknown.submits }, "the outcome of a submit stayed unknown; it is submitted once more");
  return { kind: "resubmit", claim: given, recovery: "resubmitted" };
}
