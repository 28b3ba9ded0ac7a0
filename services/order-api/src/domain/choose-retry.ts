/** Which items of an order a retry runs again, or why there is nothing to run. */
import { type ItemStatus, isTerminal, maximumAttempts } from "@tirage/contracts";
import type { TracedOrderRow } from "./show-order.ts";

/** What is known of an order that a customer wants to retry. */
export interface RetryCandidate {
  readonly order: TracedOrderRow;
  /** Its failed and cancelled items, by index. */
  readonly endedItems: readonly { readonly index: number; readonly batchSize: number }[];
  /** Highest attempt of any of its items. */
  readonly itemAttempt: number;
  /** Highest attempt of any request about it; 0 when there is none. */
  readonly requestAttempt: number;
  /**
   * Highest attempt of a retry that some of its items do not show yet; 0 when there is none. The first of them to end may
   * end the order while the others run.
   */
  readonly retryAttempt: number;
  readonly isExpired: boolean;
}

export type RetryChoice =
  | { readonly kind: "run"; readonly attempt: number; readonly indexes: readonly number[] }
  /** A retry was asked for before and is not taken up yet. */
  | { readonly kind: "underway" }
  | { readonly kind: "refused"; readonly detail: string };

/** Keeps the message that names them within 64 KiB. */
const maximumItemsPerRetry = 8_000;

export function chooseRetry(candidate: RetryCandidate): RetryChoice {
  const { order, itemAttempt, requestAttempt, retryAttempt, isExpired } = candidate;
  if (!isTerminal(order.status as ItemStatus)) return refused("the order has not ended");
  if (retryAttempt > 0) return { kind: "underway" };
  if (order.productsProduced >= order.productsRequested) return refused("every product is there");
  if (isExpired) return refused("the order's deadline has passed");
  const indexes = indexesToRun(candidate);
  if (indexes.length === 0) return refused("no item failed or was cancelled");
  const attempt = Math.max(itemAttempt, requestAttempt) + 1;
  if (attempt > maximumAttempts) return refused(`an order is tried at most ${maximumAttempts} times`);
  return { kind: "run", attempt, indexes };
}

const refused = (detail: string): RetryChoice => ({ kind: "refused", detail });

/**
 * Where extra items made up for failed ones, not all failed items are still wanted: the latest are run that bring no
 * more than what is missing.
 */
function indexesToRun({ order, endedItems }: RetryCandidate): number[] {
  if (order.shortfall !== "top_up") return endedItems.slice(0, maximumItemsPerRetry).map(({ index }) => index);
  let missing = order.productsRequested - order.productsProduced;
  const wanted: number[] = [];
  for (const { index, batchSize } of endedItems.toReversed()) {
    if (batchSize > missing || wanted.length === maximumItemsPerRetry) continue;
    missing -= batchSize;
    wanted.push(index);
  }
  return wanted.toReversed();
}
