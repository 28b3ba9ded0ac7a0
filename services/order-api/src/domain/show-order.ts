/** An order as the API shows it: what its messages carry, and what only somebody who looks wants to know. */
import { type Order, type OrderRow, orderRowToOrder, traceIdOf } from "@tirage/contracts";
import { estimateCost } from "./estimate-cost.ts";

/** A row of `orders` with the trace context that placing it had. */
export interface TracedOrderRow extends OrderRow {
  readonly traceParent: string | null;
}

export function showOrder({ traceParent, ...row }: TracedOrderRow): Order {
  const order = orderRowToOrder(row);
  const { self } = order.urls;
  return {
    ...order,
    cost: {
      estimatedMicroUsd: estimateCost(order, order.plan.totalProducts),
      actualMicroUsd: estimateCost(order, order.progress.products.produced),
    },
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
