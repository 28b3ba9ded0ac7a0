/**
 * Tells an item that is lost from one that is on its way. An item that has not ended and is on no queue may be neither
 * dispatched yet (its order's message waits) nor applied yet (its result waits). So it is suspected first, and missing
 * only when both waits are provably over: whatever lag there is, a healthy system has no missing items.
 */
import { itemIdOf } from "@tirage/contracts";

/** An item that has not ended in Postgres. */
export interface OpenItem {
  readonly orderId: string;
  readonly index: number;
  /** The highest that the item or the ledger shows. */
  readonly attempt: number;
  /** The attempt a customer asked for, from which the later ones followed by themselves. */
  readonly firstAttempt: number;
  readonly batchSize: number;
}

/** Sequences of the streams that items travel through. */
export interface Sequences {
  readonly orders: number;
  readonly items: number;
}

interface Suspicion {
  /** Everything that could still have queued the item when it was first suspected lies at or below this. */
  readonly orders: number;
  /** Its result, if it was run, lies at or below this. Known from when it was absent with `orders` handled. */
  readonly items: number | undefined;
}
export type Suspicions = ReadonlyMap<string, Suspicion>;
export const noSuspicions: Suspicions = new Map();

/** An item at an attempt: a later attempt is another matter. */
export const attemptKeyOf = ({ orderId, index, attempt }: Pick<OpenItem, "orderId" | "index" | "attempt">) =>
  `${itemIdOf(orderId, index)}:${attempt}`;

export interface AbsentItems {
  /** Not ended in Postgres, on no queue. */
  readonly absent: readonly OpenItem[];
  /** Of the sweep before. */
  readonly suspicions: Suspicions;
  /** What had been handled before the queues were read. */
  readonly acknowledged: Sequences;
  /** What there was after the queues were read. */
  readonly last: Sequences;
}

/** The items that are missing, and what is to be remembered of the others until the next sweep. */
export function findMissingItems({ absent, suspicions, acknowledged, last }: AbsentItems): {
  missing: OpenItem[];
  suspicions: Suspicions;
} {
  const missing: OpenItem[] = [];
  const kept = new Map<string, Suspicion>();
  for (const item of absent) {
    const key = attemptKeyOf(item);
    const known = suspicions.get(key) ?? { orders: last.orders, items: undefined };
    const isFirstSight = !suspicions.has(key);
    if (isFirstSight || acknowledged.orders < known.orders) kept.set(key, known);
    else if (known.items === undefined) kept.set(key, { ...known, items: last.items });
    else if (acknowledged.items < known.items) kept.set(key, known);
    else missing.push(item);
  }
  return { missing, suspicions: kept };
}
