/**
 * Topology as data: every stream and consumer, once. `packages/messaging` applies it, corrects drift, and applies it
 * again when something is found missing; it holds no fact that Postgres does not.
 */
import type { MessageDefinition } from "./define-message.ts";
import { itemBundle, itemCancelled, itemCompleted, itemFailed, itemStarted } from "./messages/items.ts";
import {
  orderCancelled,
  orderCancelRequested,
  orderCompleted,
  orderCreated,
  orderFailed,
  orderRecountRequested,
  orderRetryRequested,
  orderTopUpRequested,
  orderUpdated,
} from "./messages/orders.ts";
import { dispatchEntry, turn } from "./messages/run-queue.ts";
import { workRequested } from "./messages/work.ts";
import { type Priority, priorities, unbilledProvider } from "./vocabulary.ts";

const seconds = 1_000;
const hours = 3_600 * seconds;

/** Older servers silently ignore what we rely on (purge that does not stall, durable acks) and lack the 2026 security fixes. */
export const minimumServerVersion = "2.12.7";

export interface StreamDefinition {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly retention: "limits" | "workqueue";
  /** What gives way when a limit is reached: the oldest message, or the new one. */
  readonly discard: "old" | "new";
  /** Absent: unlimited. With `discard: "new"` a second message of a subject is refused, with `"old"` it replaces. */
  readonly maximumMessagesPerSubject?: number;
  readonly maximumAgeMs?: number;
  readonly duplicateWindowMs: number;
  /** Whether messages may be stored now to be moved to another subject of the stream later. */
  readonly allowsSchedules?: boolean;
  readonly why: string;
}

export const streams = {
  orders: {
    name: "ORDERS",
    subjects: ["order.>"],
    retention: "limits",
    discard: "old",
    maximumAgeMs: 72 * hours,
    duplicateWindowMs: 120 * seconds,
    why: "What happened to orders; several readers.",
  },
  dispatch: {
    name: "DISPATCH",
    subjects: ["dispatch.>"],
    retention: "limits",
    discard: "old",
    maximumMessagesPerSubject: 1,
    duplicateWindowMs: 120 * seconds,
    why: "An order's place in the run queue, moved by expected sequence.",
  },
  turn: {
    name: "TURN",
    subjects: ["turn.>"],
    retention: "workqueue",
    discard: "old",
    maximumMessagesPerSubject: 1,
    duplicateWindowMs: 120 * seconds,
    why: "Whose turn it is.",
  },
  work: {
    name: "WORK",
    subjects: ["work.>"],
    retention: "workqueue",
    discard: "new",
    maximumMessagesPerSubject: 1,
    duplicateWindowMs: 600 * seconds,
    why: "Generations to run; one message a subject, so an item is queued at most once.",
  },
  later: {
    name: "LATER",
    subjects: ["later.>", "due.>"],
    retention: "workqueue",
    // A stream that refuses what is new cannot schedule, so WORK itself cannot hold what waits for its time.
    discard: "old",
    maximumMessagesPerSubject: 1,
    duplicateWindowMs: 120 * seconds,
    allowsSchedules: true,
    why: "Generations that wait for their time: `later.>` until then, `due.>` from then on.",
  },
  items: {
    name: "ITEMS",
    subjects: ["item.>"],
    retention: "limits",
    discard: "old",
    maximumAgeMs: 72 * hours,
    duplicateWindowMs: 600 * seconds,
    why: "Facts about items on their way to Postgres.",
  },
  dead: {
    name: "DEAD",
    subjects: ["dead.>", "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>"],
    retention: "limits",
    discard: "old",
    maximumAgeMs: 30 * 24 * hours,
    duplicateWindowMs: 120 * seconds,
    why: "What could not be handled, and why.",
  },
} as const satisfies Record<string, StreamDefinition>;

export type ServiceName = "order-api" | "dispatcher" | "generator" | "status-aggregator";

/** A durable consumer: who reads what, what may come out, and how long a delivery may take. */
export interface ConsumerDefinition<
  Consumes extends readonly MessageDefinition[] = readonly MessageDefinition[],
  Publishes extends readonly MessageDefinition[] = readonly MessageDefinition[],
> {
  readonly service: ServiceName;
  /** Never rename: a new durable reads the whole stream again. */
  readonly durable: string;
  readonly stream: StreamDefinition;
  readonly filterSubject: string;
  readonly consumes: Consumes;
  readonly publishes: Publishes;
  /**
   * A lease, not the length of the job: heartbeats at a third of it keep a delivery alive. It is how long a killed
   * process delays what it held, so it is short where repeating is cheap, and the ledger's lease where it is not.
   */
  readonly acknowledgeWaitMs: number;
  /** -1: unlimited; dead-lettering is ours, counted before parsing. */
  readonly maximumDeliveries: number;
  readonly maximumUnacknowledged: number;
  /** A message delivered more often than this has crashed its handlers: dead-lettered, not handled again. */
  readonly deadLetterAfterDeliveries: number;
  /** Whether an acknowledgement waits for the broker's word; `plain` where handling the message again is harmless. */
  readonly acknowledge: "confirmed" | "plain";
}

export const orderCreatedConsumer = {
  service: "dispatcher",
  durable: "dispatcher-order-created",
  stream: streams.orders,
  filterSubject: "order.created.>",
  consumes: [orderCreated],
  publishes: [dispatchEntry, turn],
  acknowledgeWaitMs: 5 * seconds,
  maximumDeliveries: -1,
  maximumUnacknowledged: 256,
  deadLetterAfterDeliveries: 20,
  acknowledge: "plain",
} as const satisfies ConsumerDefinition;

/** Requests about orders are rare and cheap to repeat; their answer is confirmed, since a person waits for it. */
const requestConsumer = {
  stream: streams.orders,
  acknowledgeWaitMs: 10 * seconds,
  maximumDeliveries: -1,
  maximumUnacknowledged: 64,
  deadLetterAfterDeliveries: 20,
  acknowledge: "confirmed",
} as const;

/** Read twice: the dispatcher takes what is queued off the queues, a generator ends it in the ledger. */
export const orderCancelConsumer = (service: "dispatcher" | "generator") =>
  ({
    ...requestConsumer,
    service,
    durable: `${service}-order-cancel-requested`,
    filterSubject: "order.cancel_requested.>",
    consumes: [orderCancelRequested],
    publishes: service === "generator" ? [itemCancelled, itemFailed, itemBundle] : [],
  }) as const satisfies ConsumerDefinition;

/** Read twice: the aggregator sets the items pending again, the dispatcher queues them. */
export const orderRetryConsumer = (service: "dispatcher" | "status-aggregator") =>
  ({
    ...requestConsumer,
    service,
    durable: `${service}-order-retry-requested`,
    filterSubject: "order.retry_requested.>",
    consumes: [orderRetryRequested],
    publishes: [dispatchEntry, turn, workRequested, orderUpdated],
  }) as const satisfies ConsumerDefinition;

export const orderTopUpConsumer = {
  ...requestConsumer,
  service: "dispatcher",
  durable: "dispatcher-order-top-up-requested",
  filterSubject: "order.top_up_requested.>",
  consumes: [orderTopUpRequested],
  publishes: [dispatchEntry, turn, workRequested],
} as const satisfies ConsumerDefinition;

export const orderRecountConsumer = {
  ...requestConsumer,
  service: "status-aggregator",
  durable: "status-aggregator-order-recount-requested",
  filterSubject: "order.recount_requested.>",
  consumes: [orderRecountRequested],
  publishes: [orderUpdated, orderCompleted, orderFailed, orderCancelled, orderTopUpRequested],
} as const satisfies ConsumerDefinition;

/** Work whose time has come. */
export const workDueConsumer = {
  service: "dispatcher",
  durable: "dispatcher-work-due",
  stream: streams.later,
  filterSubject: "due.>",
  consumes: [workRequested],
  publishes: [workRequested],
  acknowledgeWaitMs: 5 * seconds,
  maximumDeliveries: -1,
  maximumUnacknowledged: 256,
  deadLetterAfterDeliveries: 20,
  acknowledge: "plain",
} as const satisfies ConsumerDefinition;

/** Turns handled in parallel per lane (K of the run queue). */
export const parallelTurns = 8;

/** One consumer for each provider and lane, so that lanes can be weighed against each other. */
export const turnConsumer = (provider: string, lane: Priority) =>
  ({
    service: "dispatcher",
    durable: `dispatcher-turn-${provider}-${lane}`,
    stream: streams.turn,
    filterSubject: `turn.${provider}.${lane}.>`,
    consumes: [turn],
    publishes: [workRequested, dispatchEntry, turn],
    acknowledgeWaitMs: 5 * seconds,
    maximumDeliveries: -1,
    maximumUnacknowledged: parallelTurns,
    // Turns wait in the dispatcher while the work queue is full: their redelivery is normal and changes nothing.
    deadLetterAfterDeliveries: Number.POSITIVE_INFINITY,
    acknowledge: "confirmed",
  }) as const satisfies ConsumerDefinition;

/**
 * One consumer for each provider. Its `maximumUnacknowledged` is that provider's concurrency limit over all replicas.
 */
export const workConsumer = (provider: string, concurrency: number) =>
  ({
    service: "generator",
    durable: `generator-work-${provider}`,
    stream: streams.work,
    filterSubject: `work.${provider}.>`,
    consumes: [workRequested],
    publishes: [itemStarted, itemCompleted, itemFailed, itemCancelled, itemBundle],
    acknowledgeWaitMs: 30 * seconds,
    maximumDeliveries: -1,
    maximumUnacknowledged: concurrency,
    deadLetterAfterDeliveries: 20,
    acknowledge: provider === unbilledProvider ? "plain" : "confirmed",
  }) as const satisfies ConsumerDefinition;

export const itemEventsConsumer = {
  service: "status-aggregator",
  durable: "status-aggregator-item-events",
  stream: streams.items,
  filterSubject: "item.>",
  consumes: [itemStarted, itemCompleted, itemFailed, itemCancelled, itemBundle],
  publishes: [orderUpdated, orderCompleted, orderFailed, orderCancelled, orderTopUpRequested],
  acknowledgeWaitMs: 10 * seconds,
  maximumDeliveries: -1,
  maximumUnacknowledged: 10_000,
  deadLetterAfterDeliveries: 20,
  acknowledge: "plain",
} as const satisfies ConsumerDefinition;

/** The consumers of the given providers: `{ fal: 10, replicate: 10 }` is each provider's concurrency. */
export function consumersFor(providerConcurrency: Readonly<Record<string, number>>): ConsumerDefinition[] {
  return [
    orderCreatedConsumer,
    orderCancelConsumer("dispatcher"),
    orderCancelConsumer("generator"),
    orderRetryConsumer("dispatcher"),
    orderRetryConsumer("status-aggregator"),
    orderTopUpConsumer,
    orderRecountConsumer,
    workDueConsumer,
    ...Object.keys(providerConcurrency).flatMap((provider) => priorities.map((lane) => turnConsumer(provider, lane))),
    ...Object.entries(providerConcurrency).map(([provider, concurrency]) => workConsumer(provider, concurrency)),
    itemEventsConsumer,
  ];
}
