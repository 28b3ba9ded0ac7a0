/** Rows as the API shows them. */
import type { Failure, Item, ItemStatus, Order, Parameters, Priority, Product, Shortfall } from "@tirage/contracts";

/** A row of `orders`. */
export interface OrderRow {
  readonly id: string;
  readonly status: string;
  readonly partial: boolean;
  readonly version: number;
  readonly provider: string;
  readonly model: string;
  readonly modelVersion: string | null;
  readonly prompt: string;
  readonly parameters: unknown;
  readonly metadata: unknown;
  readonly priority: string;
  readonly shortfall: string;
  readonly seed: number | bigint;
  readonly generations: number;
  readonly batchSize: number;
  readonly lastBatchSize: number;
  readonly productsRequested: number;
  readonly productsProduced: number;
  readonly itemsTotal: number;
  readonly itemsPending: number;
  readonly itemsProcessing: number;
  readonly itemsCompleted: number;
  readonly itemsFailed: number;
  readonly itemsCancelled: number;
  readonly error: unknown;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

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

/** Addresses are relative: only whoever stands in front knows which host the customer called. */
const orderUrls = (orderId: string): Order["urls"] => ({
  self: `/v1/orders/${orderId}`,
  items: `/v1/orders/${orderId}/items`,
  products: `/v1/orders/${orderId}/products`,
});

/** The checks of the table and the one writer of each column vouch for the closed sets. */
export function showOrder(row: OrderRow): Order {
  return {
    id: row.id,
    status: row.status as ItemStatus,
    partial: row.partial,
    version: row.version,
    provider: row.provider,
    model: row.model,
    modelVersion: row.modelVersion,
    prompt: row.prompt,
    parameters: row.parameters as Parameters,
    metadata: row.metadata as Record<string, string>,
    priority: row.priority as Priority,
    shortfall: row.shortfall as Shortfall,
    seed: Number(row.seed),
    plan: {
      generations: row.generations,
      batchSize: row.batchSize,
      lastBatchSize: row.lastBatchSize,
      totalProducts: row.productsRequested,
    },
    progress: {
      items: {
        total: row.itemsTotal,
        pending: row.itemsPending,
        processing: row.itemsProcessing,
        completed: row.itemsCompleted,
        failed: row.itemsFailed,
        cancelled: row.itemsCancelled,
      },
      products: { requested: row.productsRequested, produced: row.productsProduced },
    },
    error: row.error as Failure | null,
    createdAt: row.createdAt.toISOString(),
    startedAt: orNull(row.startedAt),
    finishedAt: orNull(row.finishedAt),
    urls: orderUrls(row.id),
  };
}

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
