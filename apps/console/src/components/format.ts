/** Figures and times as people read them. */

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat("en", { timeStyle: "medium", hourCycle: "h23" });
const whole = new Intl.NumberFormat("en");

const steps: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** "3 minutes ago", "in 2 hours"; "just now" within ten seconds. */
export function formatRelativeTime(instant: string, nowMs: number): string {
  const seconds = (Date.parse(instant) - nowMs) / 1_000;
  if (Math.abs(seconds) < 10) return "just now";
  const [unit, length] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / length), unit);
}

/** In the reader's time zone, and in UTC as logs have it. */
export const formatAbsoluteTime = (instant: string): string =>
  `${absolute.format(new Date(instant))} (${new Date(instant).toISOString()})`;

/** "12:03:04", in the reader's time zone. */
export const formatClock = (ms: number): string => clock.format(ms);

/** "420 ms", "4.2 s", "1 min 05 s", "2 h 03 min". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.max(0, Math.round(durationMs))} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1_000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1_000);
  const two = (value: number) => String(value).padStart(2, "0");
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${two(Math.floor((seconds % 3_600) / 60))} min`;
}

/** A duration that is only guessed, in whole seconds: "3 s", "1 min 05 s". */
export const formatEstimate = (durationMs: number): string =>
  durationMs < 59_950 ? `${Math.max(1, Math.round(durationMs / 1_000))} s` : formatDuration(durationMs);

export const formatWhole = (value: number): string => whole.format(value);

/** "1 image", "12 images". */
export const formatCount = (count: number, noun: string): string =>
  `${whole.format(count)} ${noun}${count === 1 ? "" : "s"}`;

/** Millionths of a dollar as dollars, with as many decimals as a small price needs. */
export function formatMoney(microUsd: number): string {
  const dollars = microUsd / 1_000_000;
  const decimals = dollars === 0 || dollars >= 1 ? 2 : dollars >= 0.01 ? 3 : 4;
  return `$${dollars.toFixed(decimals)}`;
}

/** "640 B", "38 kB", "1.4 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
