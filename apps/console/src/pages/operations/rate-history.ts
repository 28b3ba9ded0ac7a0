import type { Queue } from "@tirage/client";
import { useEffect, useState } from "react";

/** Deliveries per minute of each queue, oldest first, since the page was opened. */
export type RateHistory = ReadonlyMap<string, readonly number[]>;

/** With one value every two seconds: the last three minutes. */
const mostValues = 90;

/** The history with what the queues say now. */
export function recordRates(history: RateHistory, queues: readonly Queue[]): RateHistory {
  const next = new Map(history);
  for (const { name, deliveredPerMinute } of queues) {
    if (deliveredPerMinute === null) continue;
    next.set(name, [...(history.get(name) ?? []), deliveredPerMinute].slice(-mostValues));
  }
  return next;
}

/** Grows with every answer; `answeredAtMs` tells two alike answers apart. */
export function useRateHistory(queues: readonly Queue[] | undefined, answeredAtMs: number): RateHistory {
  const [history, setHistory] = useState<RateHistory>(new Map());
  // biome-ignore lint/correctness/useExhaustiveDependencies: one value for each answer
  useEffect(() => {
    if (queues) setHistory((before) => recordRates(before, queues));
  }, [answeredAtMs]);
  return history;
}
