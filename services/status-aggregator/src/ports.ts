/** What the handler needs of the outside; `adapters/rollup-store.ts` and `metrics.ts` implement it. */
import type { OrderRow } from "@tirage/contracts";
import type { ItemEvent, ItemTransition } from "./domain/fold-item-events.ts";
import type { MadeTransition } from "./domain/order-state.ts";
import type { TopUp } from "./domain/top-up.ts";

export interface SettledOrders {
  /** Every order that was spoken of, as it stands now, changed or not. */
  readonly orders: readonly OrderRow[];
  /** Orders among them that ended now. */
  readonly ended: readonly OrderRow[];
  /** Extra items of these orders that nobody has begun: to be announced, perhaps again. */
  readonly topUps: readonly TopUp[];
}

export interface AppliedTransitions extends SettledOrders {
  readonly made: readonly MadeTransition[];
  /** Orders that are not there: deleted since. What concerns them was dropped. */
  readonly missingOrderIds: readonly string[];
}

/** Items that a customer wants to run again, as this attempt. */
export interface ItemRetry {
  readonly orderId: string;
  readonly attempt: number;
  readonly indexes: readonly number[];
}

/**
 * Every change is one transaction that may be repeated.
 * @throws RetryLaterError when the database is away, else what `pg` throws; nothing is changed then, unless the
 * connection broke while committing.
 */
export interface RollupStore {
  /** @param transitions at most one of each item. */
  apply(transitions: readonly ItemTransition[]): Promise<AppliedTransitions>;
  /** Computes an order's counters and status from its items and products. */
  recount(orderId: string): Promise<SettledOrders>;
  /** Sets the items pending that failed or were cancelled in a lower attempt. */
  reopen(retry: ItemRetry): Promise<SettledOrders>;
}

export interface BatchObserver {
  /** Told of each batch that was applied. */
  applied(events: readonly ItemEvent[], result: AppliedTransitions): void;
}
