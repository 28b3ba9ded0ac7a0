import { attemptsPerRequest, type ItemStatus, isTerminal, maximumAttempts } from "@tirage/contracts";
import type { RetryCandidate } from "./choose-retry.ts";

/** Attempts that may follow by themselves, and be under way already, on the one that an item shows. */
const furtherAttempts = attemptsPerRequest - 1;

/** The attempt up to which a cancel of this order stops everything; undefined when it has ended and nothing is to come. */
export function chooseCancel({
  order,
  itemAttempt,
  retryAttempt,
}: Pick<RetryCandidate, "order" | "itemAttempt" | "retryAttempt">): number | undefined {
  if (isTerminal(order.status as ItemStatus) && retryAttempt === 0) return undefined;
  return Math.min(maximumAttempts, Math.max(itemAttempt, retryAttempt) + furtherAttempts);
}
