import { z } from "zod";

const throttledBody = z.object({ retry_after: z.coerce.number().min(0) });
const defaultDelayMs = 5_000;
const longestDelayMs = 300_000;

/**
 * How long a provider asks to be left alone: `Retry-After` in seconds or as a date, `ratelimit-reset` in seconds, or
 * `retry_after` of the body; 5 s when it does not say, at most 5 minutes.
 */
export function readRetryAfterMs(headers: Headers, body: unknown, now: Date): number {
  const inBody = throttledBody.safeParse(body);
  const delayMs =
    readHeaderMs(headers.get("retry-after"), now) ??
    readHeaderMs(headers.get("ratelimit-reset"), now) ??
    (inBody.success ? inBody.data.retry_after * 1_000 : defaultDelayMs);
  return Math.min(longestDelayMs, Math.max(0, Math.ceil(delayMs)));
}

function readHeaderMs(value: string | null, now: Date): number | undefined {
  if (value === null || value.trim() === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return seconds * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date - now.getTime();
}
