/** When to ask again. Pure; all figures in milliseconds. */

const firstPollMs = 300;
const pollGrowth = 1.5;
const longestPollMs = 5_000;

/** Pause before poll `poll` (1 is the first): 0.3 s growing by half each time, to 5 s. */
export function pollDelayMs(poll: number): number {
  return Math.min(longestPollMs, Math.round(firstPollMs * pollGrowth ** (poll - 1)));
}

const shortestHeldMs = 100;
const longestHeldMs = 5_000;

/**
 * Pause of a worker that found another's lease alive: until the lease ends, at most 5 s since it may end earlier.
 * `random` (0 to 1) spreads workers over the last third.
 */
export function heldDelayMs(leaseLeftMs: number, random: number): number {
  const ceiling = Math.min(longestHeldMs, Math.max(shortestHeldMs, leaseLeftMs));
  return Math.round(ceiling * (1 + (random - 0.5) / 3));
}

/** What a provider asks for after a refused submit, within 1 to 30 s: the delivery keeps its slot meanwhile. */
export function resubmitDelayMs(retryAfterMs: number): number {
  return Math.min(30_000, Math.max(1_000, retryAfterMs));
}

const firstNewAttemptMs = 2_000;

/** Pause before a new attempt: 2 s doubling with each, of which `random` (0 to 1) spreads the second half. */
export function newAttemptDelayMs(newAttempts: number, random: number): number {
  return Math.round(firstNewAttemptMs * 2 ** (newAttempts - 1) * (0.5 + random / 2));
}

/** Pause while the outcome of a submit is unknown and may still turn up: asking again is cheap. */
export const unknownDelayMs = 2_000;
