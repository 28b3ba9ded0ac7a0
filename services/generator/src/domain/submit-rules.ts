/** The rules that keep Tirage from paying twice. Pure. */
import type { Failure } from "@tirage/contracts";

/** A submit is given up by the client after this long. */
export const submitTimeoutMs = 10_000;

/**
 * Whether a submit begun now is surely over before the lease can be another's. Both times are of this process's
 * monotonic clock; the lease deadline counts from before the claim was sent.
 */
export function hasTimeToSubmit(nowMs: number, leaseDeadline: number): boolean {
  return nowMs + submitTimeoutMs < leaseDeadline;
}

export type UnknownDecision =
  /** The answer may still turn up: wait. */
  | { readonly kind: "wait" }
  /** It has not turned up: end the item, since submitting again might be paid twice. */
  | { readonly kind: "give_up"; readonly failure: Failure };

/**
 * What becomes of a call whose submit was begun and never answered. `graceMs` must exceed lease, submit timeout and
 * any believable pause of a process together: after it the submitting worker counts as dead.
 */
export function decideOnUnknown(
  { submitAgeMs, provider }: { submitAgeMs: number; provider: string },
  graceMs: number,
): UnknownDecision {
  if (submitAgeMs < graceMs) return { kind: "wait" };
  return { kind: "give_up", failure: outcomeUnknown(provider) };
}

function outcomeUnknown(provider: string): Failure {
  return {
    code: "outcome_unknown",
    message:
      `It is not known whether ${provider} accepted this generation, and it may have been charged. ` +
      `Submitting it again could be paid twice, so a person must look at the ${provider} account first.`,
    retryable: false,
  };
}

/** The provider accepted the call and did not end it in time. It was asked to stop and may still charge. */
export function providerTimeout(provider: string, timeoutMs: number): Failure {
  return {
    code: "provider_timeout",
    message: `${provider} did not end this generation within ${Math.round(timeoutMs / 1_000)} s. It may be charged.`,
    retryable: true,
  };
}

/** The provider ended the call well, but none of its outputs could be had. */
export function outputUnavailable(provider: string, reasons: readonly string[]): Failure {
  const detail = reasons[0] ?? "it listed no outputs";
  return {
    code: "output_unavailable",
    message: `${provider} ended this generation, but none of its outputs can be had: ${detail}`,
    retryable: false,
  };
}
