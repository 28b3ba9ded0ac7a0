/** What the dispatcher needs of the broker; `adapters/run-queue.ts` implements it on messaging. */
import type {
  dispatchEntry,
  Message,
  MessageOf,
  orderCreated,
  PayloadOf,
  Priority,
  turn,
  workRequested,
} from "@tirage/contracts";
import type { StreamPosition, SubjectRecord } from "@tirage/messaging";
import type { OpenItem, Sequences } from "./domain/find-missing-items.ts";
import type { DispatchedItem } from "./domain/ranges.ts";

export type Entry = PayloadOf<typeof dispatchEntry>;

/** Whose entries: one tenant's in one lane of one provider. */
export type Ring = Pick<PayloadOf<typeof turn>, "provider" | "lane" | "tenantId">;

export interface RunQueue {
  /** Adds an order's entry; false when the order has one, or had this very one moments ago. */
  addEntry(entry: Entry): Promise<boolean>;
  /** The entry that waits longest in this ring. */
  oldestEntry(ring: Ring): Promise<SubjectRecord<Entry> | undefined>;
  /** Moves the order to the tail with what is left of it; false when somebody else has moved it. */
  moveEntry(rest: MessageOf<typeof dispatchEntry>, sequence: number): Promise<boolean>;
  removeEntry(sequence: number): Promise<boolean>;
  /** Sees that the ring has a turn; no effect when it has one. */
  ensureTurn(ring: Ring): Promise<void>;
  /** Moves the ring's turn to the tail; false when it is no longer ours. */
  moveTurn(ring: Ring, sequence: number): Promise<boolean>;
  /** Puts a generation on the work queue; no effect when it is there already. */
  publishWork(work: MessageOf<typeof workRequested>): Promise<void>;
  /** Takes everything of an order off every queue, what is being run included; how many messages that were. */
  removeOrder(orderId: string): Promise<number>;
  /** Rings that have entries, of all providers. Slow: for the sweep only. */
  ringsWithEntries(): Promise<Ring[]>;
}

/** A turn taken from the broker and kept alive. */
export interface HeldTurn {
  readonly ring: Ring;
  readonly sequence: number;
  release(): Promise<void>;
  forget(): void;
  giveBack(delayMs: number): void;
}

/** The turns held for one provider, by lane. */
export interface TurnSource extends AsyncDisposable {
  readonly size: number;
  held(): Record<Priority, number>;
  /**
   * A turn of this lane was just moved to the tail and is on its way back to some dispatcher. Without counting it a
   * lane of one tenant would seem to have no work between two of its turns, and lose its share to the others.
   */
  expect(lane: Priority): void;
  /** Lanes that have no turn here but expect one within milliseconds. */
  lanesExpectingTurns(): Priority[];
  take(lane: Priority): HeldTurn | undefined;
  /** Resolves at the next arrival of a turn, after `timeoutMs`, or when the signal aborts. */
  arrival(signal: AbortSignal, timeoutMs?: number): Promise<void>;
}

/** How full a provider's work queue is. */
export interface Backlog {
  /** Generations waiting or running, at most ten milliseconds old, plus what was published since. */
  read(): Promise<number>;
  published(count: number): void;
  /** Generations the provider's workers take per second, smoothed. */
  readonly ratePerSecond: number;
}

export type DispatchedOrder = PayloadOf<typeof orderCreated>;

/** An open order that is due, was announced, and has no entry. */
export interface OrderToReconcile {
  readonly order: DispatchedOrder;
  /** It waited for its `startAt`, and nothing of it has begun. */
  readonly isNotStarted: boolean;
  readonly createdAt: Date;
}

/** What somebody asked of an order, of which the items show nothing yet. */
export interface UnheardRequest {
  readonly orderId: string;
  readonly kind: "cancel" | "retry";
  readonly attempt: number;
  readonly indexes: readonly number[] | null;
}

export interface OpenOrderReads {
  ordersWithoutEntry(orderIdsWithEntry: readonly string[]): Promise<readonly OrderToReconcile[]>;
  /** The items of these orders that have not ended and that nobody holds a lease on. */
  openItems(orderIds: readonly string[]): Promise<readonly OpenItem[]>;
  expiredOrders(): Promise<readonly string[]>;
  /** Those of the orders that have not ended although all their items have. */
  uncountedOrders(orderIds: readonly string[]): Promise<readonly string[]>;
  unheardRequests(): Promise<readonly UnheardRequest[]>;
}

/** The orders as Postgres knows them; `adapters/open-orders.ts`. */
export interface OpenOrders {
  /** Runs `work` unless another dispatcher is at it; whether it ran. */
  exclusively(work: (reads: OpenOrderReads) => Promise<void>): Promise<boolean>;
  readOrder(orderId: string): Promise<DispatchedOrder | undefined>;
  /** Whether its customer deleted the order: a message of it that comes late asks for nothing any more. */
  isDeleted(orderId: string): Promise<boolean>;
  readItems(
    orderId: string,
    indexes: readonly number[],
  ): Promise<readonly Required<Omit<DispatchedItem, "firstAttempt">>[]>;
}

/** Positions of the streams that orders and items travel through. */
export type StreamPositions = Readonly<Record<"dispatch" | "work" | "items" | "orders", StreamPosition>>;

/** What is on the queues; `adapters/queue-positions.ts`. */
export interface QueuePositions {
  /** Up to where everything that queues items, and everything that ends them, is handled. */
  acknowledged(): Promise<Sequences>;
  streams(): Promise<StreamPositions>;
  ordersWithEntry(): Promise<readonly string[]>;
  /** `<orderId>.<index>` of every item that is on a queue or postponed. */
  queuedItems(): Promise<ReadonlySet<string>>;
  announce(message: Message): Promise<void>;
}
