/**
 * An order as it is stored and as the API shows it. Pure: whoever reads an order, by `pg` or by Prisma, shows it the same
 * way, and the rollup's rules know no database.
 */
import type { OrderSnapshot } from "./http/order.ts";
import type { OrderStatus } from "./rollup.ts";
import type { Failure, Parameters, Priority, Shortfall } from "./vocabulary.ts";

/** A row of `orders` under the names of the Prisma model, so that Prisma's `Order` is one too. */
export interface OrderRow {
  readonly id: string;
  readonly tenantId: string;
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
  /** 32 bits, unsigned; a bigint when Prisma read it. */
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
  readonly startAt: Date | null;
  readonly expiresAt: Date | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** Items by status and products, as the row counts them. */
export function readProgress(row: OrderRow): OrderSnapshot["progress"] {
  return {
    items: {
      total: row.itemsTotal,
      pending: row.itemsPending,
      processing: row.itemsProcessing,
      completed: row.itemsCompleted,
      failed: row.itemsFailed,
      cancelled: row.itemsCancelled,
    },
    products: { requested: row.productsRequested, produced: row.productsProduced },
  };
}

/**
 * The order as its messages carry it. What is typed wider in the row (status, parameters, …) was checked when it was written
 * and by the table's constraints, and is not checked again.
 */
export function orderRowToOrder(row: OrderRow): OrderSnapshot {
  return {
    id: row.id,
    status: row.status as OrderStatus,
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
    progress: readProgress(row),
    error: row.error as Failure | null,
    createdAt: row.createdAt.toISOString(),
    startAt: row.startAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    urls: {
      self: `/v1/orders/${row.id}`,
      items: `/v1/orders/${row.id}/items`,
      products: `/v1/orders/${row.id}/products`,
    },
  };
}
