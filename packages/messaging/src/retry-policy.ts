/** What becomes of a delivery whose handling failed; one that is only held (RetryLaterError) never gets here. Pure. */
import { HandBackError, PermanentError, toError } from "./errors.ts";
import { NewerVersionError, newerVersionDelayMs } from "./newer-version.ts";

export type Decision =
  /** It can never succeed, or has failed too often. */
  | { readonly kind: "dead-letter"; readonly code: string; readonly reason: string }
  /** Give it back to the broker after the delay; counts as a delivery. */
  | { readonly kind: "give-back"; readonly delayMs: number };

const firstDelayMs = 250;
/** A delayed message keeps its place in `max_ack_pending` for the whole delay, so delays are short. */
const longestDelayMs = 5_000;

/** Doubles from 250 ms to 5 s, with full jitter above half so that failures do not return in step. */
export function retryDelayMs(deliveryCount: number, random: number): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** (deliveryCount - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

export function decideOnFailure(
  thrown: unknown,
  { deliveryCount, deadLetterAfterDeliveries, random }: Circumstances,
): Decision {
  const error = toError(thrown);
  if (error instanceof PermanentError) return { kind: "dead-letter", code: error.code, reason: error.message };
  if (error instanceof NewerVersionError) return { kind: "give-back", delayMs: newerVersionDelayMs };
  if (error instanceof HandBackError) return { kind: "give-back", delayMs: 0 };
  if (deliveryCount >= deadLetterAfterDeliveries) {
    return { kind: "dead-letter", code: "retries_exhausted", reason: error.message };
  }
  return { kind: "give-back", delayMs: retryDelayMs(deliveryCount, random) };
}

export interface Circumstances {
  readonly deliveryCount: number;
  readonly deadLetterAfterDeliveries: number;
  /** 0 to 1. */
  readonly random: number;
}
