/** Rows of items and products as the API shows them; orders are shown by `orderRowToOrder` of contracts. */
import type { Failure, Item, ItemStatus, Product } from "@tirage/contracts";

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
  readonly finishedAt: Date | null;
}

/** A row of `products`. */
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
}

const orNull = (instant: Date | null): string | null => instant?.toISOString() ?? null;

export function showItem(row: ItemRow): Item {
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
    workerId: row.workerId,
    providerRequestId: row.providerRequestId,
    error: row.error as Failure | null,
    outcome: row.cancelOutcome as Item["outcome"],
    recovery: row.recovery as Item["recovery"],
    createdAt: row.createdAt.toISOString(),
    startedAt: orNull(row.startedAt),
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
    createdAt: row.createdAt.toISOString(),
    urls: { content: `/v1/products/${row.id}/content` },
  };
}
