/** Numbers as people read them. */

/** `42s`, `3m 20s`, `2h 5m`, `3d 4h`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${seconds % 60}s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours}h ${minutes % 60}m` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** `12s ago`. */
export const formatAge = (instant: string, nowMs: number): string =>
  `${formatDuration(nowMs - Date.parse(instant))} ago`;

/** Dollars from millionths of one; at least cents. */
export function formatMicroUsd(microUsd: number): string {
  const [whole = "0", fraction = ""] = (microUsd / 1_000_000).toFixed(6).split(".");
  return `$${whole}.${fraction.replace(/0+$/, "").padEnd(2, "0")}`;
}

/** `1 image`, `2 images`. */
export const countOf = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;

/** The place in a list that JSON counts from 0, as people count. */
export const placeOf = (index: number): string => String(index + 1);
