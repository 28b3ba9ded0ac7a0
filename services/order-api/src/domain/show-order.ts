/** An order as the API shows it: what its messages carry, and what only somebody who looks wants to know. */
import { type Order, type OrderRow, orderRowToOrder, traceIdOf } from "@tirage/contracts";
import { estimateCost } from "./estimate-cost.ts";

/** A row of `orders` with the trace context that placing it had, and what came of it since. */
export interface TracedOrderRow extends OrderRow, OrderAftermath {
  readonly traceParent: string | null;
}

/** What the requests and the calls of an order tell of it. */
export interface OrderAftermath {
  /** When a retry was asked for last. */
  readonly retriedAt: Date | null;
  /** Outputs that the provider charged; null while the order runs, and where it was not counted. */
  readonly outputsCharged: number | null;
}

export function showOrder({ traceParent, retriedAt, outputsCharged, ...row }: TracedOrderRow): Order {
  const order = orderRowToOrder(row);
  const { produced } = order.progress.products;
  const { self } = order.urls;
  return {
    ...order,
    cost: {
      estimatedMicroUsd: estimateCost(order, order.plan.totalProducts),
      actualMicroUsd: estimateCost(order, produced),
      // Nothing is delivered that was not charged: fewer means that calls are missing in the ledger.
      chargedMicroUsd:
        outputsCharged === null || outputsCharged < produced ? null : estimateCost(order, outputsCharged),
    },
    retriedAt: retriedAt?.toISOString() ?? null,
    traceId: traceIdOf(traceParent),
    urls: {
      ...order.urls,
      events: `${self}/events`,
      archive: `${self}/archive`,
      cancel: `${self}/cancel`,
      retry: `${self}/retry`,
    },
  };
}
