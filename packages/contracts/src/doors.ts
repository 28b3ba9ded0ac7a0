/** Who publishes and who reads without a consumer. Nothing runs by it: it completes the documents of the flow. */
import { deadLetter } from "./messages/dead-letter.ts";
import { drainChanged } from "./messages/drain.ts";
import { gateChanged } from "./messages/gate.ts";
import { itemFailed } from "./messages/items.ts";
import {
  orderCancelled,
  orderCancelRequested,
  orderCompleted,
  orderCreated,
  orderDeleted,
  orderFailed,
  orderRecountRequested,
  orderRetryRequested,
} from "./messages/orders.ts";
import { dispatchEntry, turn } from "./messages/run-queue.ts";
import { workRequested } from "./messages/work.ts";

/** Doors that are not consumers: what HTTP publishes through the outbox, and what messaging itself publishes. */
export const doors = [
  {
    service: "order-api",
    door: "POST /v1/orders, POST /v1/orders/batch",
    publishes: [orderCreated],
    how: "outbox, in the order's transaction",
  },
  {
    service: "order-api",
    door: "POST /v1/orders/{id}/cancel, POST /v1/orders/{id}/retry",
    publishes: [orderCancelRequested, orderRetryRequested],
    how: "outbox, in the request's transaction",
  },
  {
    service: "order-api",
    door: "DELETE /v1/orders/{id}",
    publishes: [orderDeleted],
    how: "core NATS, after the commit; Postgres says the same",
  },
  {
    service: "dispatcher",
    door: "the reconciler",
    publishes: [
      dispatchEntry,
      turn,
      workRequested,
      itemFailed,
      orderCancelRequested,
      orderRetryRequested,
      orderRecountRequested,
    ],
    how: "when Postgres and the queues disagree, or a deadline has passed",
  },
  {
    service: "order-api",
    door: "POST /v1/queues/{provider}/pause, POST /v1/queues/{provider}/resume",
    publishes: [gateChanged],
    how: "core NATS, kept by nobody; the row in Postgres says the same",
  },
  {
    service: "order-api",
    door: "POST /v1/workers/{id}/drain, POST /v1/workers/{id}/resume",
    publishes: [drainChanged],
    how: "core NATS, kept by nobody; told again until the worker's presence says the same as the row in Postgres",
  },
  {
    service: "generator",
    door: "a provider's answer to a submit",
    publishes: [gateChanged],
    how: "core NATS, kept by nobody; the pause of the provider's consumer says the same",
  },
  {
    service: "generator",
    door: "work that must wait, is handed back, or is followed by another attempt",
    publishes: [workRequested],
    how: "to LATER, in place of an acknowledgement",
  },
  {
    service: "every consumer",
    door: "a message that cannot be handled",
    publishes: [deadLetter],
    how: "packages/messaging",
  },
] as const;

/** Who reads messages without a consumer: as a table by subject, or as a hint that Postgres has changed. */
export const readers = [
  { service: "dispatcher", reads: [dispatchEntry], how: "by subject, oldest first, while it serves a turn" },
  {
    service: "generator",
    reads: [orderCancelRequested],
    how: "as a hint for generations it is running; the ledger's answers say the same",
  },
  {
    service: "generator",
    reads: [gateChanged],
    how: "as a hint before its next submit; the pause of the provider's consumer says the same",
  },
  {
    service: "generator",
    reads: [drainChanged],
    how: "each its own; what it heard it tells in its presence",
  },
  {
    service: "order-api",
    reads: [orderCompleted, orderFailed, orderCancelled],
    how: "as a hint for requests that wait; the answer is read from Postgres",
  },
  {
    service: "order-api",
    reads: [orderDeleted],
    how: "as a hint for streams of events; what they tell is read from Postgres",
  },
] as const;
