/**
 * How much may be on the work queue, and how much one turn may put there. The formulas and their constants are measured:
 * a queue this short keeps turns fair, and one this long keeps providers busy.
 */

/** Work kept ready beyond what the provider runs, as time: what it can finish while a dispatcher looks away. */
const slackMs = 25;
const largestSlack = 3_000;
const largestSmallestQuantum = 10;
const shortestWaitMs = 5;
const longestWaitMs = 250;

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

export interface Room {
  /** Generations allowed on the work queue, waiting or running; always above the provider's concurrency. */
  readonly highWater: number;
  /** Below this much room nothing is dispatched: a slice costs the same whatever its size. */
  readonly smallestQuantum: number;
  /** How long to wait, in milliseconds, when there is no room. */
  readonly blockedWaitMs: number;
}

/**
 * The limits for a provider that runs `concurrency` generations at once and finishes `ratePerSecond`. The slack is time,
 * not a count: a slow provider's queue stays short, so that who comes later need not wait behind it.
 */
export function roomOf(concurrency: number, ratePerSecond: number): Room {
  const smallestSlack = Math.max(2, Math.ceil(concurrency / 10));
  const slack = clamp(Math.ceil((ratePerSecond * slackMs) / 1_000), smallestSlack, largestSlack);
  return {
    highWater: concurrency + slack,
    smallestQuantum: clamp(Math.ceil(slack / 4), 1, largestSmallestQuantum),
    blockedWaitMs: clamp((slack / ratePerSecond / 2) * 1_000, shortestWaitMs, longestWaitMs),
  };
}
