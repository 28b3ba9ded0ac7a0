/** How fast each queue is delivered, from the counts that were seen before. */
export interface DeliveryRates {
  /** Notes a queue's count of deliveries. Answers its rate; null when it was not seen before. */
  note(queue: string, delivered: number): number | null;
}

const windowMs = 60_000;
/** Two counts closer than this make no rate. */
const shortestMs = 1_000;

interface Sample {
  readonly at: number;
  readonly delivered: number;
}

export function createDeliveryRates(now: () => number = () => performance.now()): DeliveryRates {
  const samples = new Map<string, Sample[]>();
  return {
    note(queue, delivered) {
      const sample = { at: now(), delivered };
      const before = (samples.get(queue) ?? []).filter(({ at }) => sample.at - at <= windowMs);
      const [oldest] = before;
      // A consumer that was made anew counts from 0 again.
      if (oldest && oldest.delivered > delivered) {
        samples.set(queue, [sample]);
        return null;
      }
      const isWorthKeeping = sample.at - (before.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= shortestMs;
      samples.set(queue, isWorthKeeping ? [...before, sample] : before);
      const elapsedMs = oldest ? sample.at - oldest.at : 0;
      if (!oldest || elapsedMs < shortestMs) return null;
      return Math.round(((delivered - oldest.delivered) / elapsedMs) * windowMs * 10) / 10;
    },
  };
}
