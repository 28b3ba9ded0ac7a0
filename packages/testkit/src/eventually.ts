import { setTimeout as delay } from "node:timers/promises";

type Truthy<Result> = Exclude<Result, false | 0 | "" | null | undefined>;

/**
 * Polls until `condition` answers something truthy, and answers that. A condition that throws is not met yet; what it
 * threw last is the `cause` of the error thrown at the deadline, so an `expect` may be the condition.
 */
export async function eventually<Result>(
  condition: () => Result | Promise<Result>,
  { timeoutMs = 10_000, intervalMs = 25 }: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<Truthy<Result>> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  do {
    try {
      const result = await condition();
      if (result) return result as Truthy<Result>;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await delay(intervalMs);
  } while (Date.now() < deadline);
  const reason = lastError instanceof Error ? `: ${lastError.message}` : "";
  throw new Error(`the condition was not met within ${timeoutMs} ms${reason}`, { cause: lastError });
}
