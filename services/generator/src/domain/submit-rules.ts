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

/** What is done about a submit whose outcome stays unknown. */
export interface UnknownPolicy {
  /**
   * How long an answer may still turn up. Must exceed lease, submit timeout and any believable pause of a process
   * together: after it the submitting worker counts as dead.
   */
  readonly graceMs: number;
  readonly onUnknown: "fail" | "resubmit";
  /** Most submits of a call beyond the first; each may be charged. */
  readonly resubmitsMax: number;
  /** Dearer calls, and those whose price is not known, are never submitted again. */
  readonly resubmitMaxMicroUsd: number;
}

export type UnknownDecision =
  /** The answer may still turn up: wait. */
  | { readonly kind: "wait" }
  /** It has not turned up, and the policy takes the risk of paying twice. */
  | { readonly kind: "resubmit" }
  /** It has not turned up: end the item, since submitting again might be paid twice. */
  | { readonly kind: "give_up"; readonly failure: Failure };

/** What becomes of a call whose submit was begun and never answered, and which was found nowhere. */
export function decideOnUnknown(
  call: {
    readonly submitAgeMs: number;
    readonly submits: number;
    readonly provider: string;
    /** What the call costs, in millionths of a dollar. */
    readonly priceMicroUsd: number | undefined;
  },
  { graceMs, onUnknown, resubmitsMax, resubmitMaxMicroUsd }: UnknownPolicy,
): UnknownDecision {
  const { submitAgeMs, submits, provider, priceMicroUsd } = call;
  if (submitAgeMs < graceMs) return { kind: "wait" };
  const isCheap = priceMicroUsd !== undefined && priceMicroUsd <= resubmitMaxMicroUsd;
  if (onUnknown === "resubmit" && submits <= resubmitsMax && isCheap) return { kind: "resubmit" };
  return { kind: "give_up", failure: outcomeUnknown(provider) };
}

/** A submit may have been accepted, and nobody will know. */
export function outcomeUnknown(provider: string): Failure {
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
