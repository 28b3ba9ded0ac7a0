/** Asks once more for what was asked and has had no effect: the request, or what it led to, was lost with the broker. */
import { orderCancelRequested, orderRecountRequested, orderRetryRequested } from "@tirage/contracts";
import type { OpenOrderReads, QueuePositions, UnheardRequest } from "./ports.ts";

/** What takes its time (a provider that is asked to stop) is not asked for in every sweep. */
const askAgainAfterMs = 30_000;

export interface RequestReconciler {
  /** `quietOrderIds`: open orders with no item to be seen anywhere. `epoch` tells this asking from the earlier ones. */
  askAgain(reads: OpenOrderReads, quietOrderIds: readonly string[], epoch: number): Promise<void>;
  /** Whatever was asked may be forgotten. */
  forget(): void;
}

const isWithIndexes = (indexes: readonly number[] | null): indexes is number[] =>
  indexes !== null && indexes.length > 0;

function requestOf({ orderId, kind, attempt, indexes }: UnheardRequest, epoch: number) {
  if (kind === "cancel") return orderCancelRequested.create({ orderId, attempt, reason: "customer", epoch });
  return isWithIndexes(indexes) ? orderRetryRequested.create({ orderId, attempt, indexes, epoch }) : undefined;
}

export function createRequestReconciler(positions: QueuePositions): RequestReconciler {
  let askedAt = new Map<string, number>();
  let uncountedBefore: readonly string[] = [];

  const askOnce = async (key: string, message: Parameters<QueuePositions["announce"]>[0] | undefined) => {
    const now = performance.now();
    if (!message || now - (askedAt.get(key) ?? Number.NEGATIVE_INFINITY) < askAgainAfterMs) return;
    await positions.announce(message);
    askedAt.set(key, now);
  };
  return {
    async askAgain(reads, quietOrderIds, epoch) {
      const now = performance.now();
      askedAt = new Map([...askedAt].filter(([, at]) => now - at < askAgainAfterMs));
      for (const orderId of await reads.expiredOrders()) {
        await askOnce(`deadline ${orderId}`, orderCancelRequested.create({ orderId, reason: "deadline", epoch }));
      }
      for (const request of await reads.unheardRequests()) {
        await askOnce(`${request.kind} ${request.orderId} ${request.attempt}`, requestOf(request, epoch));
      }
      const uncounted = await reads.uncountedOrders(quietOrderIds);
      // Seen in two sweeps: the statement that ends the items and the order is one.
      for (const orderId of uncounted.filter((id) => uncountedBefore.includes(id))) {
        await askOnce(`recount ${orderId}`, orderRecountRequested.create({ orderId, epoch }));
      }
      uncountedBefore = uncounted;
    },
    forget() {
      askedAt = new Map();
    },
  };
}
