/** Rows of items and products as the API shows them; orders are shown by `show-order.ts`. */
import type { Failure, GalleryProduct, Item, ItemStatus, OrderStatus, Product } from "@tirage/contracts";

/** A row of `order_items`. */
export interface ItemRow {
  readonly id: string;
  readonly orderId: string;
  readonly index: number;
  readonly batchSize: number;
  readonly attempt: number;
  readonly status: string;
  readonly produced: number;
  readonly batchesCompleted: number;
  readonly seed: number | bigint;
  readonly workerId: string | null;
  readonly providerRequestId: string | null;
  readonly error: unknown;
  readonly cancelOutcome: string | null;
  readonly recovery: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly storedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** What the ledger knows of the call of an item's present attempt. */
export interface CallRow {
  readonly itemId: string;
  readonly claimedAt: Date;
  /** Null when it was stopped before anybody sent it. */
  readonly submittedAt: Date | null;
  readonly submits: number;
  readonly costMicroUsd: number | null;
  readonly storeMs: number | null;
}

/** A row of `products`, with what its order and its item say of its making. */
export interface ProductRow {
  readonly id: string;
  readonly orderId: string;
  readonly orderItemId: string | null;
  readonly index: number;
  readonly storageKey: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly sha256: string;
  readonly seed: number | bigint | null;
  readonly createdAt: Date;
  readonly provider: string;
  readonly model: string;
  readonly workerId: string | null;
  readonly providerRequestId: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** A product with what tells it from those of other orders. */
export interface GalleryRow extends ProductRow {
  readonly prompt: string;
  readonly orderStatus: string;
}

const orNull = (instant: Date | null): string | null => instant?.toISOString() ?? null;

export function showItem(row: ItemRow, call: CallRow | undefined): Item {
  return {
    id: row.id,
    orderId: row.orderId,
    index: row.index,
    batchSize: row.batchSize,
    attempt: row.attempt,
    status: row.status as ItemStatus,
    produced: row.produced,
    batchesCompleted: row.batchesCompleted,
    seed: Number(row.seed),
    workerId: hasRun(row, call) ? row.workerId : null,
    providerRequestId: row.providerRequestId,
    error: row.error as Failure | null,
    outcome: row.cancelOutcome as Item["outcome"],
    recovery: row.recovery as Item["recovery"],
    submits: call?.submittedAt ? call.submits : 0,
    costMicroUsd: call?.costMicroUsd ?? null,
    createdAt: row.createdAt.toISOString(),
    startedAt: orNull(row.startedAt),
    finishedAt: orNull(row.finishedAt),
    timeline: timelineOf(row, call),
  };
}

/** What ended before any worker sent it names only who wrote down its end. */
const hasRun = (row: ItemRow, call: CallRow | undefined): boolean =>
  row.status === "completed" || row.startedAt !== null || (call?.submittedAt ?? null) !== null;

/** Storing is the last step of a generation that succeeds, so what it took tells when the provider was done. */
function timelineOf(row: ItemRow, call: CallRow | undefined): Item["timeline"] {
  const isGenerated = call?.storeMs != null && row.finishedAt !== null;
  return {
    createdAt: row.createdAt.toISOString(),
    claimedAt: call?.submittedAt ? call.claimedAt.toISOString() : null,
    submittedAt: orNull(call?.submittedAt ?? null),
    acceptedAt: orNull(row.startedAt),
    generatedAt: isGenerated ? new Date(row.finishedAt.getTime() - call.storeMs).toISOString() : null,
    storedAt: orNull(row.storedAt),
    finishedAt: orNull(row.finishedAt),
  };
}

/** Products of before sizes and seeds were recorded show 0. */
export function showProduct(row: ProductRow): Product {
  return {
    id: row.id,
    orderId: row.orderId,
    itemId: row.orderItemId,
    index: row.index,
    contentType: row.contentType,
    bytes: row.bytes,
    width: row.width ?? 0,
    height: row.height ?? 0,
    sha256: row.sha256,
    seed: Number(row.seed ?? 0),
    provider: row.provider,
    model: row.model,
    workerId: row.workerId,
    providerRequestId: row.providerRequestId,
    durationMs: durationOf(row),
    createdAt: row.createdAt.toISOString(),
    urls: { content: `/v1/products/${row.id}/content`, thumbnail: `/v1/products/${row.id}/thumbnail` },
  };
}

export function showGalleryProduct(row: GalleryRow): GalleryProduct {
  return { ...showProduct(row), prompt: row.prompt, orderStatus: row.orderStatus as OrderStatus };
}

/** The clocks of two workers may have told the two times. */
const durationOf = ({ startedAt, finishedAt }: ProductRow): number | null =>
  startedAt && finishedAt ? Math.max(0, finishedAt.getTime() - startedAt.getTime()) : null;
