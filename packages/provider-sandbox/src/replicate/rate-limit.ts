/** A bucket of requests that refills evenly over a minute; bursts up to the whole bucket pass. */
export interface RateLimit {
  /** Takes one request. `resetSeconds` is the wait until the next one when none was left. */
  take(now: number): { readonly allowed: boolean; readonly remaining: number; readonly resetSeconds: number };
}

/** What Replicate's headers show while no limit is set: its documented 600 creates a minute. */
const shownPerMinute = 600;

export function createRateLimit(perMinute: () => number): RateLimit {
  let level = perMinute();
  let filledAt = 0;
  return {
    take(now) {
      const limit = perMinute();
      if (limit === 0) return { allowed: true, remaining: shownPerMinute, resetSeconds: 1 };
      level = Math.min(limit, level + ((now - filledAt) / 60_000) * limit);
      filledAt = now;
      const allowed = level >= 1;
      if (allowed) level -= 1;
      const resetSeconds = Math.max(1, Math.ceil(((1 - Math.min(level, 1)) / limit) * 60));
      return { allowed, remaining: Math.floor(level), resetSeconds };
    },
  };
}
