/** When a call is made again, and after how long. */

const firstDelayMs = 250;
const longestDelayMs = 10_000;
/** A server that asks for more than this is not waited for. */
const longestRetryAfterMs = 60_000;

/** Whether the same request may succeed later. A key in flight belongs to an attempt whose answer was lost. */
export function isRetryable({ status, type }: { readonly status: number; readonly type: string }): boolean {
  return status === 408 || status === 429 || status >= 500 || type === "/problems/idempotency-key-in-flight";
}

/** What a `Retry-After` header asks, in seconds or as a date; undefined when there is none that can be read. */
export function readRetryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  const delayMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(delayMs) ? undefined : Math.max(0, delayMs);
}

/**
 * How long to wait before attempt `attempt + 1`: what the server asked, else twice as long each time, from half of it to
 * all of it by chance (`random` from 0 to 1), so that clients do not come back together. Undefined when the server asked
 * for longer than anyone would wait.
 */
export function retryDelayMs(attempt: number, retryAfterMs: number | undefined, random: number): number | undefined {
  const backoffMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1)) * (0.5 + random / 2);
  if (retryAfterMs === undefined) return backoffMs;
  return retryAfterMs > longestRetryAfterMs ? undefined : Math.max(retryAfterMs, backoffMs);
}

/** Resolves after the time. @throws the signal's reason when it aborts first. */
export function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
