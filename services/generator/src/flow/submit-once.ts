/** The step that costs money: uses a claim's submit right at most once, and records what came of it. */
import type { Failure } from "@tirage/contracts";
import { HandBackError, type Logger, RetryLaterError } from "@tirage/messaging";
import { failpoint } from "@tirage/service-kit/failpoint";
import type { ProviderSign } from "../domain/gate.ts";
import { resubmitDelayMs, unknownDelayMs } from "../domain/schedules.ts";
import { hasTimeToSubmit } from "../domain/submit-rules.ts";
import type { BilledProvider, CallKey, Claim, Ledger, Observations, SubmitOutcome, SubmitRequest } from "../ports.ts";
import type { HeldLease } from "./hold-lease.ts";
import type { ProviderGate } from "./provider-gate.ts";
import { retryStep } from "./retry-step.ts";

export interface Submission {
  readonly provider: BilledProvider;
  readonly ledger: Ledger;
  readonly observations: Observations;
  readonly gate: ProviderGate;
  readonly key: CallKey;
  readonly claim: Claim;
  readonly lease: HeldLease;
  readonly logger: Logger;
}

export type Submitted =
  | { readonly kind: "accepted"; readonly requestId: string; readonly submitMs: number }
  | { readonly kind: "refused"; readonly failure: Failure };

/** How long giving the submit right back is tried: longer makes a stopping process late, and only delays the item. */
const reopenPatienceMs = 5_000;
const afterSurplusMs = 1_000;
const afterLateClaimMs = 500;

/**
 * Submits and checkpoints. Once the request has left, nothing interrupts this before the answer is in the ledger, not
 * even the end of the process: the answer is the only proof of what was bought.
 * @throws HandBackError before the submit when the process stops, and after it when the lease was lost meanwhile;
 * RetryLaterError when the request was not submitted, or when its outcome is unknown.
 */
export async function submitOnce(submission: Submission, request: SubmitRequest): Promise<Submitted> {
  const { provider, claim, lease, observations, logger } = submission;
  if (lease.signal.aborted) {
    await giveRightBack(submission);
    throw lease.signal.reason;
  }
  using _pass = await enterGate(submission);
  const begun = performance.now();
  if (!hasTimeToSubmit(begun, claim.leaseDeadline)) {
    await giveRightBack(submission);
    throw new RetryLaterError("claim_too_late", "the claim took too long to submit under it", {
      delayMs: afterLateClaimMs,
    });
  }
  await failpoint("before_submit");
  const outcome = await provider.submit(request);
  submission.gate.record(signOf(outcome));
  if (outcome.kind === "accepted") await failpoint("after_accept");
  const submitMs = performance.now() - begun;
  observations.step(provider.name, "submit", submitMs);
  switch (outcome.kind) {
    case "accepted":
      await checkpoint(submission, request, outcome.requestId);
      return { kind: "accepted", requestId: outcome.requestId, submitMs };
    case "refused":
      if (isAccountTrouble(outcome.failure)) {
        await giveRightBack(submission);
        throw new RetryLaterError("submit_not_accepted", outcome.failure.message, { delayMs: resubmitDelayMs(0) });
      }
      return { kind: "refused", failure: outcome.failure };
    case "not_accepted":
      await giveRightBack(submission);
      throw new RetryLaterError("submit_not_accepted", outcome.reason, {
        delayMs: resubmitDelayMs(outcome.retryAfterMs),
      });
    case "unknown":
      observations.submitUnknown(provider.name);
      logger.error({ reason: outcome.reason }, "the outcome of a submit is unknown; it is not submitted again");
      throw new RetryLaterError("submit_unknown", outcome.reason, { delayMs: unknownDelayMs });
  }
}

/** The gate may have closed since the claim: then the right is given back, unused. */
async function enterGate(submission: Submission): Promise<Disposable> {
  try {
    return await submission.gate.enter();
  } catch (error) {
    await giveRightBack(submission);
    throw error;
  }
}

const isAccountTrouble = ({ code }: Failure) => code === "provider_account";

function signOf(outcome: SubmitOutcome): ProviderSign {
  if (outcome.kind === "accepted") return { kind: "well" };
  if (outcome.kind === "refused") {
    return isAccountTrouble(outcome.failure) ? { kind: "stopped", detail: outcome.failure.message } : { kind: "well" };
  }
  if (outcome.kind === "unknown" || outcome.isUnreachable) return { kind: "out", detail: outcome.reason };
  return { kind: "throttled", retryAfterMs: outcome.retryAfterMs };
}

/** The right was not used, or surely bought nothing. If this fails, the ledger goes on trying; only where it never can is the outcome unknown. */
async function giveRightBack({ ledger, key, claim, lease, logger }: Submission): Promise<void> {
  try {
    await retryStep(() => ledger.reopen(key, claim), { step: "reopen", logger, giveUpAfterMs: reopenPatienceMs });
    lease.end();
  } catch (error) {
    logger.error({ error: String(error) }, "an unused submit right could not be given back yet");
  }
}

async function checkpoint(submission: Submission, request: SubmitRequest, requestId: string): Promise<void> {
  const { provider, ledger, observations, key, claim, logger } = submission;
  const { recorded, held } = await retryStep(() => ledger.checkpoint(key, claim, requestId), {
    step: "checkpoint",
    logger,
  });
  await failpoint("after_checkpoint");
  if (!recorded) {
    observations.surplusRequest(provider.name);
    logger.error({ requestId }, "the ledger does not know this request; it is cancelled and may have been charged");
    await provider.cancel(requestId, request).catch((error: unknown) => {
      logger.error({ requestId, error: String(error) }, "a request that nobody waits for could not be cancelled");
    });
    throw new RetryLaterError("surplus_request", "the ledger follows another request", { delayMs: afterSurplusMs });
  }
  if (!held) {
    logger.warn({ requestId }, "the request id was recorded after the lease was lost");
    throw new HandBackError("the lease was lost while submitting; the request is recorded");
  }
}
