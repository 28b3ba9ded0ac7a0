/** What the aggregator measures: how much it applies, in batches of which size, and how far it is behind. */
import type { meter } from "@tirage/service-kit";
import type { ItemEvent } from "./domain/fold-item-events.ts";
import type { BatchObserver } from "./ports.ts";

/** Bounds of the batch sizes; the last is the largest batch taken. */
const batchSizeBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000];
/** Seconds. */
const lagBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/** `now` in milliseconds since 1970. */
export function createBatchMetrics(parentMeter: typeof meter, now: () => number = Date.now): BatchObserver {
  const eventCounter = parentMeter.createCounter("tirage_item_events_applied", {
    description: "Item events applied, repeats included, by name.",
  });
  const transitionCounter = parentMeter.createCounter("tirage_item_transitions", {
    description: "Items that changed their status, by the status they took.",
  });
  const endedCounter = parentMeter.createCounter("tirage_orders_ended", {
    description: "Orders that ended, by status; one that is retried may end again.",
  });
  const missingCounter = parentMeter.createCounter("tirage_missing_orders", {
    description: "Orders that item events spoke of and that do not exist.",
  });
  const batchSizes = parentMeter.createHistogram("tirage_item_event_batch_size", {
    description: "Events of one batch; their count is the number of batches.",
    advice: { explicitBucketBoundaries: batchSizeBounds },
  });
  const lag = parentMeter.createHistogram("tirage_item_event_lag_seconds", {
    description: "From the oldest fact of a batch until it was applied.",
    advice: { explicitBucketBoundaries: lagBounds },
  });
  return {
    applied(events, { made, ended, missingOrderIds }) {
      batchSizes.record(events.length);
      for (const [name, count] of countBy(events, (event) => event.name)) eventCounter.add(count, { name });
      for (const [status, count] of countBy(made, ({ transition }) => transition.status)) {
        transitionCounter.add(count, { status });
      }
      for (const [status, count] of countBy(ended, (order) => order.status)) endedCounter.add(count, { status });
      if (missingOrderIds.length > 0) missingCounter.add(missingOrderIds.length);
      if (events.length > 0) lag.record(Math.max(0, now() - Math.min(...events.map(factTime))) / 1_000);
    },
  };
}

function factTime({ name, payload }: ItemEvent): number {
  return Date.parse(name === "item.started" ? payload.startedAt : payload.finishedAt);
}

function countBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    const key = keyOf(value);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
