/** Which faults of the providers strike which calls, from a seed alone, over the whole of a run. Pure. */
import { createRandom } from "./schedule.ts";

/** A rule of the sandbox's (`packages/provider-sandbox/README.md`). */
export interface DialRule {
  readonly fault: string;
  readonly every: number;
  /** Calls that pass first. */
  readonly skip: number;
  readonly provider?: string;
  readonly times?: number;
  readonly retryAfterSeconds?: number;
  readonly latencyMs?: number;
}

/**
 * How often each strikes in a large run: every so many calls that it can strike. All dials but one: `cancel_ignored` needs
 * cancels, which nobody asks for here.
 */
const dials: readonly Omit<DialRule, "skip">[] = [
  // The account is mended as soon as it is seen to be stopped, see `mend-accounts.ts`.
  { fault: "unauthenticated", every: 700, times: 2 },
  { fault: "payment_required", every: 700, times: 2 },
  { fault: "account_locked", every: 700, times: 2 },
  { fault: "rate_limited", every: 100, retryAfterSeconds: 1 },
  { fault: "model_not_found", every: 500 },
  { fault: "version_invalid", every: 500, provider: "replicate" },
  { fault: "error_before_acceptance", every: 300 },
  { fault: "reset_before_acceptance", every: 300 },
  { fault: "validation", every: 500 },
  { fault: "error_after_acceptance", every: 200 },
  { fault: "lost_response", every: 100 },
  // Longer than a generator waits for the answer to a submit.
  { fault: "response_hangs", every: 400, latencyMs: 12_000 },
  { fault: "response_malformed", every: 300 },
  { fault: "response_html", every: 300 },
  { fault: "slow", every: 50, latencyMs: 2_000 },
  { fault: "job_hangs", every: 1_000, times: 2 },
  { fault: "requeue", every: 50, provider: "fal" },
  { fault: "job_failed", every: 100 },
  { fault: "aborted", every: 200 },
  { fault: "policy", every: 300 },
  { fault: "nsfw", every: 200 },
  { fault: "fewer_images", every: 50 },
  { fault: "zero_images", every: 500 },
  // fal lists nothing: a lost answer whose callback is lost, too, leaves nobody who knows of the call.
  { fault: "webhook_lost", every: 100, provider: "replicate" },
  { fault: "webhook_twice", every: 20 },
  { fault: "read_error", every: 50 },
  { fault: "read_rate_limited", every: 100 },
  { fault: "read_reset", every: 100 },
  { fault: "result_malformed", every: 200 },
  { fault: "result_html", every: 200 },
  { fault: "data_removed", every: 500, provider: "replicate" },
  { fault: "output_missing", every: 500 },
  { fault: "output_error", every: 50 },
  { fault: "output_truncated", every: 300 },
  { fault: "output_cut", every: 100 },
  { fault: "output_html", every: 300 },
];

/** A run of so many items gives each dial at least this share of as many calls, and half of that one provider's. */
const surelyCalled = 0.6;

/** The same for the same seed. Every dial strikes within the run, and all of them until its end. */
export function planDials(seed: number, items: number): DialRule[] {
  const random = createRandom(seed + 2);
  return dials.map((dial) => {
    const calls = items * surelyCalled * (dial.provider ? 0.5 : 1);
    const every = Math.max(1, Math.min(dial.every, Math.floor(calls / 2)));
    return { ...dial, every, skip: Math.floor(random() * every) };
  });
}
