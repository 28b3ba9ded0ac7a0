/**
 * The rules by which an item's row moves (`adapters/item-statements.ts`, `recount-statements.ts`) once more, as pure
 * functions, for tests that need them without a database. `item-model.component.test.ts` shows that both do the same.
 */
import type { ItemStatus } from "@tirage/contracts";
import type { ItemTransition } from "../src/domain/fold-item-events.ts";

export interface ModelItem {
  readonly status: ItemStatus;
  readonly attempt: number;
  readonly produced: number;
}

const isOpen = ({ status }: ModelItem) => status === "pending" || status === "processing";

/** The item after a transition; the item itself when it does not take it. */
function move(item: ModelItem, { attempt, status, outputs }: ItemTransition): ModelItem {
  const isNew = attempt === item.attempt && isOpen(item) && status !== item.status;
  const isHigher = attempt > item.attempt && item.status !== "completed";
  return isNew || isHigher ? { status, attempt, produced: outputs.length } : item;
}

/** The item after a retry. */
function reopen(item: ModelItem, attempt: number): ModelItem {
  const isRetried = item.attempt < attempt && (item.status === "failed" || item.status === "cancelled");
  return isRetried ? { status: "pending", attempt, produced: 0 } : item;
}

export const itemModel = { move, reopen };
export type ItemModel = typeof itemModel;
