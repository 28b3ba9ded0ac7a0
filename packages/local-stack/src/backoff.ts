const firstPauseMs = 250;
const longestPauseMs = 10_000;

/** After this long without dying, a process has proven itself: its next death is a first one again. */
export const provenAfterMs = 30_000;

/** How long to wait before the restart that follows `deaths` deaths in a row (1, 2, …): doubling from 250 ms to 10 s. */
export function computePauseMs(deaths: number): number {
  return Math.min(firstPauseMs * 2 ** (deaths - 1), longestPauseMs);
}
