/** What the routes need of the outside; adapters implement it, routes and domain know nothing else. */
import type { Readable } from "node:stream";
import type {
  DeadLetterCorrection,
  DeadLetterReplay,
  DeadLetterView,
  EstimatedTime,
  GalleryProduct,
  Health,
  Item,
  Order,
  OrderLedger,
  OrderStatus,
  Product,
  ProviderPause,
  Queue,
  Worker,
} from "@tirage/contracts";
import type { EncodedMessage } from "@tirage/messaging";
import type { NewOrder } from "./domain/accept-order.ts";
import type { RetryCandidate } from "./domain/choose-retry.ts";
import type { ItemPosition, OrderPosition, ProductPosition } from "./domain/cursor.ts";
import type { OrderFeedPosition } from "./domain/event-id.ts";
import type { Fault } from "./domain/fault.ts";
import type { GalleryRow } from "./domain/show-rows.ts";

/** An order on its way into the database, with the message that tells of it. */
export interface OrderToWrite {
  readonly order: NewOrder;
  readonly message: EncodedMessage;
}

/** What an Idempotency-Key stands for, and the answer to give whenever the key comes again. */
export interface KeyClaim {
  readonly tenantId: string;
  readonly key: string;
  /** SHA-256 of what was asked. */
  readonly fingerprint: string;
  /** The body of the 201. */
  readonly response: unknown;
  /** The first order of the request. */
  readonly orderId: string;
}

/** The orders of one request: written together or not at all. */
export interface Submission {
  readonly orders: readonly OrderToWrite[];
  readonly claim?: KeyClaim;
}

export interface OrderWriter {
  /** Durable when it resolves. `key_taken`: nothing was written, since the key stands for another request. */
  write(submission: Submission): Promise<"written" | "key_taken">;
}

/** Something asked of an order after it was placed. */
export interface OrderRequestToWrite {
  readonly orderId: string;
  readonly kind: "cancel" | "retry";
  /** Of a cancel: attempts up to this one are stopped. Of a retry: the attempt that its items run as. */
  readonly attempt: number;
  /** Items of a retry. */
  readonly indexes?: readonly number[];
  readonly message: EncodedMessage;
}

export interface OrderRequests {
  /** Durable when it resolves. False: the same was asked before, and nothing was written. */
  write(request: OrderRequestToWrite): Promise<boolean>;
}

export interface OrderRemover {
  /**
   * For good, and durable when it resolves; the blobs follow. `removed` also when it was before; `open`: the order has not
   * ended, or is to run again.
   */
  remove(tenantId: string, orderId: string): Promise<"removed" | "open" | "missing">;
}

export interface RetryReader {
  /** Of one tenant; undefined when there is no such order. */
  findRetryCandidate(tenantId: string, orderId: string): Promise<RetryCandidate | undefined>;
}

export interface IdempotencyStore {
  /** What the key stands for; undefined when it was never used or has expired. */
  find(tenantId: string, key: string): Promise<Omit<KeyClaim, "tenantId" | "key"> | undefined>;
}

/** Messages whose rows are committed: published at once where possible, and otherwise by the relay. Never throws. */
export interface OutboxPublisher {
  publishSoon(messages: readonly EncodedMessage[]): void;
}

export interface OrderFilter {
  readonly status?: OrderStatus | undefined;
  readonly model?: string | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
}

export interface GalleryFilter {
  /** Of the product's order. */
  readonly status?: OrderStatus | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** Part of the prompt, in any case. */
  readonly search?: string | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
}

export interface PageOf<Entry> {
  readonly data: Entry[];
  readonly nextCursor: string | null;
}

export interface PageRequest<Position> {
  readonly limit: number;
  /** The last of the page before. */
  readonly after?: Position | undefined;
}

/** A product, and where a stream goes on after it. */
export interface ProductSince {
  readonly product: Product;
  readonly position: OrderFeedPosition["product"];
}

export interface ProductRange {
  readonly after: OrderFeedPosition["product"];
  readonly createdAfter?: Date;
}

/** What is left of an order that its customer deleted. */
export interface OrderDeletion {
  readonly id: string;
  readonly deletedAt: string;
}

/** Reads of one tenant: what is another's does not exist. */
export interface OrderReader {
  findOrder(tenantId: string, orderId: string): Promise<Order | undefined>;
  /** Newest first. */
  listOrders(tenantId: string, filter: OrderFilter, page: PageRequest<OrderPosition>): Promise<PageOf<Order>>;
  /** By index. */
  listItems(tenantId: string, orderId: string, page: PageRequest<ItemPosition>): Promise<PageOf<Item>>;
  /** By index. */
  listProducts(tenantId: string, orderId: string, page: PageRequest<ProductPosition>): Promise<PageOf<Product>>;
  /** Those of an order within the range, as they came. */
  listProductsSince(orderId: string, range: ProductRange, limit: number): Promise<ProductSince[]>;
  /** Of the newest thousand those that changed after the moment, oldest first. */
  listOrdersSince(tenantId: string, after: Date): Promise<Order[]>;
  /** That the tenant had the order, and deleted it. */
  findDeletion(tenantId: string, orderId: string): Promise<OrderDeletion | undefined>;
  /** Of the newest thousand deletions those after the moment, oldest first. */
  listDeletionsSince(tenantId: string, after: Date): Promise<OrderDeletion[]>;
  findProduct(tenantId: string, productId: string): Promise<GalleryRow | undefined>;
  /** Of all orders, newest first. */
  listGallery(
    tenantId: string,
    filter: GalleryFilter,
    page: PageRequest<OrderPosition>,
  ): Promise<PageOf<GalleryProduct>>;
}

export interface OrderLedgerReader {
  /** Of one tenant; undefined when there is no such order. */
  findLedger(tenantId: string, orderId: string): Promise<OrderLedger | undefined>;
}

/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface BlobReader {
  /** The blob, or the part of it; undefined when nothing is stored under the key. The stream must be read or destroyed. */
  open(key: string, range?: ByteRange): Promise<{ readonly stream: Readable } | undefined>;
  /** Undefined when nothing is stored under the key. */
  stat(key: string): Promise<{ readonly bytes: number } | undefined>;
}

export interface OrderArchiver {
  /** The bytes of a ZIP, made as they are read. Destroying the stream ends the making of it. */
  archive(order: Order): Readable;
}

export interface Thumbnails {
  /** Names how thumbnails are made: another recipe makes other bytes of the same product. */
  readonly recipe: string;
  /**
   * The thumbnail of the product that is stored under the key; undefined when nothing is.
   * @throws ProblemError when too many are asked for at once.
   */
  open(key: string): Promise<{ readonly bytes: Buffer; readonly contentType: string } | "undecodable" | undefined>;
}

export interface OrderWatcher {
  /**
   * The order once it is terminal, or as it is when the time or the signal ends the wait; undefined when there is none.
   */
  waitUntilTerminal(
    order: { readonly tenantId: string; readonly orderId: string },
    wait: { readonly waitMs: number; readonly signal: AbortSignal },
  ): Promise<Order | undefined>;
}

/** A callback as it came. */
export interface SignedCallback {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The very bytes that were signed. */
  readonly body: Uint8Array;
  readonly now: Date;
}

/** Whether the provider itself sent a callback, a moment ago. */
export type VerifyCallback = (callback: SignedCallback) => Promise<boolean>;

export interface CallbackInbox {
  /** Keeps the request id that a provider told about a submission; the first of a nonce stays. */
  record(callback: { readonly nonce: string; readonly provider: string; readonly requestId: string }): Promise<void>;
}

/** What happened to an order that is followed. */
export type OrderChange = { readonly position: OrderFeedPosition } & (
  | { readonly type: "order" | "end"; readonly order: Order }
  | { readonly type: "product"; readonly product: Product }
  | { readonly type: "deleted"; readonly deletion: OrderDeletion }
);

/** The newest state of an order, or its end for good; every change before `toldUntil` (ms since 1970) has been told. */
export type TenantChange = { readonly toldUntil: number } & (
  | { readonly type: "order"; readonly order: Order }
  | { readonly type: "product"; readonly product: Product }
  | { readonly type: "deleted"; readonly deletion: OrderDeletion }
);

export interface OrderFeed {
  /**
   * The order as it is unless it was told, then its newest version whenever it is asked for the next, each product once,
   * and the end, or that it was deleted.
   */
  followOrder(
    order: { readonly tenantId: string; readonly orderId: string; readonly after?: OrderFeedPosition | undefined },
    signal: AbortSignal,
  ): AsyncIterable<OrderChange>;
  /**
   * The newest orders as they are, or those that changed after the moment until which all was told; then the newest
   * version of every order that changes, with products each that comes, and each order that is deleted.
   */
  followTenant(
    tenant: {
      readonly tenantId: string;
      readonly toldUntil?: number | undefined;
      readonly withProducts: boolean;
    },
    signal: AbortSignal,
  ): AsyncIterable<TenantChange>;
}

export interface QueueGuard {
  /** Generations that may wait at once. */
  readonly limit: number;
  /** Whether this many generations more may be queued. */
  hasRoomFor(generations: number): Promise<boolean>;
}

export interface DeadLetterFilter {
  readonly code?: string | undefined;
  readonly stream?: string | undefined;
  readonly orderId?: string | undefined;
}

export type ReplayOutcome =
  | { readonly kind: "done"; readonly action: DeadLetterReplay["action"] }
  /** It stays as it is. */
  | { readonly kind: "refused"; readonly detail: string; readonly faults?: readonly Fault[] }
  /** The payload given is not one of its message, or concerns something else. It stays as it is. */
  | { readonly kind: "invalid"; readonly faults: readonly Fault[] };

/** Undefined as the tenant sees everything; a tenant sees those of its own orders. */
export interface DeadLetters {
  /** Newest first. `nextSequence` is 0 when there is no more. */
  list(
    tenantId: string | undefined,
    filter: DeadLetterFilter,
    page: { readonly limit: number; readonly fromSequence?: number | undefined },
  ): Promise<{ readonly data: DeadLetterView[]; readonly nextSequence: number }>;
  find(tenantId: string | undefined, sequence: number): Promise<DeadLetterView | undefined>;
  /** False: it was gone. */
  discard(letter: DeadLetterView): Promise<boolean>;
  /** With a payload in place of the body when one is given. */
  replay(letter: DeadLetterView, payload?: DeadLetterCorrection["payload"]): Promise<ReplayOutcome>;
}

/** What says how long an order takes. */
export interface PaceReader {
  readPace(provider: string, model: string): Promise<Omit<EstimatedTime, "durationMs">>;
}

export interface HealthReader {
  /** Never rejects: what cannot be reached is said to be so. */
  readHealth(): Promise<Health>;
}

/** Pauses that people asked for; changing one answers undefined while the broker is away, and then changes nothing. */
export interface ProviderPauses {
  list(): Promise<readonly ProviderPause[]>;
  /** Pausing what is paused changes nothing. */
  pause(provider: string): Promise<ProviderPause | undefined>;
  /** Ends the pauses of workers' gates, too. */
  resume(provider: string): Promise<ProviderPause | undefined>;
}

/**
 * Drains that people asked for; changing one answers undefined while the broker is away, `unknown` where no such worker
 * lives, and then changes nothing.
 */
export interface WorkerDrains {
  /** When each was asked for, by worker. */
  list(): Promise<ReadonlyMap<string, string>>;
  /** Draining what is drained changes nothing. */
  drain(workerId: string): Promise<Worker | "unknown" | undefined>;
  resume(workerId: string): Promise<Worker | "unknown" | undefined>;
}

/** What only the broker knows; undefined while it is away. */
export interface Operations {
  listWorkers(): Promise<Worker[] | undefined>;
  listQueues(): Promise<Queue[] | undefined>;
  isBrokerConnected(): boolean;
}
