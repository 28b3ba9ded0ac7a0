import type { ConsumerDefinition } from "@tirage/contracts";
import { type Broker, type ConsumerDepth, readConsumerDepth } from "@tirage/messaging";
import type { Backlog } from "../ports.ts";

const maximumAgeMs = 10;
/** Rates are smoothed over about this long, so that a burst of acknowledgements does not swing the limits. */
const smoothingMs = 1_000;

/** The backlog of a work consumer: asked of the broker at most every 10 ms, single flight. `concurrency` starts the rate. */
export function createBacklog(broker: Broker, consumer: ConsumerDefinition, concurrency: number): Backlog {
  let depth = 0;
  let publishedSince = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let delivered: { count: number; at: number } | undefined;
  let ratePerSecond = concurrency;
  let reading: Promise<void> | undefined;

  const learnRate = (count: number, now: number) => {
    const elapsedMs = delivered ? now - delivered.at : 0;
    if (delivered && elapsedMs > 0 && count >= delivered.count) {
      const sample = ((count - delivered.count) / elapsedMs) * 1_000;
      const weight = Math.min(1, elapsedMs / smoothingMs);
      // An idle queue says nothing of how fast the provider is: only a busy one teaches.
      if (depth > 0) ratePerSecond = Math.max(0.1, ratePerSecond + (sample - ratePerSecond) * weight);
    }
    delivered = { count, at: now };
  };
  const refresh = async () => {
    const publishedBefore = publishedSince;
    const answer: ConsumerDepth = await readConsumerDepth(broker, consumer);
    const now = performance.now();
    depth = answer.pending + answer.unacknowledged;
    publishedSince -= publishedBefore;
    readAt = now;
    learnRate(answer.delivered, now);
  };
  return {
    async read() {
      if (performance.now() - readAt > maximumAgeMs) {
        reading ??= refresh().finally(() => {
          reading = undefined;
        });
        await reading;
      }
      return depth + publishedSince;
    },
    published(count) {
      publishedSince += count;
    },
    get ratePerSecond() {
      return ratePerSecond;
    },
  };
}
