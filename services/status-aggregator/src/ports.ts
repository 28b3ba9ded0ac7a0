/** What the handler needs of the outside; `adapters/rollup-store.ts` and `metrics.ts` implement it. */
import type { OrderRow } from "@tirage/contracts";
import type { ItemEvent, ItemTransition } from "./domain/fold-item-events.ts";
import type { MadeTransition } from "./domain/order-state.ts";

export interface AppliedTransitions {
  /** Every order that the transitions speak of, as it stands now, changed or not. */
  readonly orders: readonly OrderRow[];
  /** Orders among them that ended by these transitions. */
  readonly ended: readonly OrderRow[];
  readonly made: readonly MadeTransition[];
  /** Orders that are not there: deleted since. What concerns them was dropped. */
  readonly missingOrderIds: readonly string[];
}

export interface RollupStore {
  /**
   * @param transitions at most one of each item.
   * @throws RetryLaterError when the database is away, else what `pg` throws; nothing is applied then, unless the
   * connection broke while committing.
   */
  apply(transitions: readonly ItemTransition[]): Promise<AppliedTransitions>;
}

export interface BatchObserver {
  /** Told of each batch that was applied. */
  applied(events: readonly ItemEvent[], result: AppliedTransitions): void;
}
