import { type ItemStatus, isTerminal } from "@tirage/contracts";
import type { RetryCandidate } from "./choose-retry.ts";

/** The attempt up to which a cancel of this order stops everything; undefined when it has ended and nothing is to come. */
export function chooseCancel({
  order,
  itemAttempt,
  retryAttempt,
}: Pick<RetryCandidate, "order" | "itemAttempt" | "retryAttempt">): number | undefined {
  const isRetryUnderway = retryAttempt > itemAttempt;
  if (isTerminal(order.status as ItemStatus) && !isRetryUnderway) return undefined;
  return Math.max(itemAttempt, retryAttempt);
}
