/** Lanes share a provider by weight, without one ever standing still: smooth weighted round robin. */
import type { Priority } from "@tirage/contracts";

/** Turns out of ten for each lane while all three have work. */
const laneWeights: Readonly<Record<Priority, number>> = { interactive: 6, standard: 3, bulk: 1 };

/** Credit of each lane; the caller keeps it between picks. */
export type LaneCredits = Readonly<Record<Priority, number>>;
export const noCredits: LaneCredits = { interactive: 0, standard: 0, bulk: 0 };

/**
 * The lane whose turn it is among those that have work, and the credits after it: every waiting lane gains its weight,
 * the richest is picked and pays the sum. Lanes without work neither gain nor lose.
 */
export function pickLane(
  waiting: readonly Priority[],
  credits: LaneCredits,
): { lane: Priority; credits: LaneCredits } | undefined {
  let picked: Priority | undefined;
  let total = 0;
  const next = { ...credits };
  for (const lane of waiting) {
    next[lane] += laneWeights[lane];
    total += laneWeights[lane];
    if (picked === undefined || next[lane] > next[picked]) picked = lane;
  }
  if (picked === undefined) return undefined;
  next[picked] -= total;
  return { lane: picked, credits: next };
}
