/** Orders, a whole batch in one statement each. */
import type { Failure, OrderRow } from "@tirage/contracts";
import { orderColumns } from "@tirage/database";
import type pg from "pg";
import type { OrderEnding } from "../domain/order-state.ts";
import { plainArray } from "./array-literal.ts";

/**
 * Reads and locks orders, always in the same sequence, so that two aggregators with orders in common wait for each
 * other instead of deadlocking. Orders that do not exist are left out.
 */
export async function lockOrders(client: pg.ClientBase, orderIds: readonly string[]): Promise<OrderRow[]> {
  const { rows } = await client.query<OrderRow>({
    name: "lock-orders",
    text: `SELECT ${orderColumns} FROM orders WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    values: [plainArray(orderIds)],
  });
  return rows;
}

/** Leaves the blobs of outputs that came after their order was deleted to the sweep of order-api. */
export async function discardLateOutputs(
  client: pg.ClientBase,
  outputs: readonly { readonly orderId: string; readonly storageKey: string }[],
): Promise<void> {
  await client.query({
    name: "discard-late-outputs",
    text: `
UPDATE deleted_orders SET storage_keys = storage_keys || late.keys
FROM (SELECT order_id, array_agg(storage_key) AS keys FROM unnest($1::uuid[], $2::text[]) AS late(order_id, storage_key)
  GROUP BY order_id) AS late
WHERE deleted_orders.id = late.order_id`,
    values: [plainArray(outputs.map(({ orderId }) => orderId)), outputs.map(({ storageKey }) => storageKey)],
  });
}

/** What the items of ended orders say together; the orders must be locked and their items moved before. */
export async function readEndings(
  client: pg.ClientBase,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, OrderEnding>> {
  const { rows } = await client.query<{ orderId: string; finishedAt: Date | null; firstFailure: Failure | null }>({
    name: "read-endings",
    text: `
SELECT order_id AS "orderId", max(finished_at) AS "finishedAt",
  (array_agg(error ORDER BY index) FILTER (WHERE status = 'failed'))[1] AS "firstFailure"
FROM order_items WHERE order_id = ANY ($1::uuid[]) GROUP BY order_id`,
    values: [plainArray(orderIds)],
  });
  return new Map(rows.map(({ orderId, finishedAt, firstFailure }) => [orderId, { finishedAt, firstFailure }]));
}

const updateOrdersSql = `
UPDATE orders SET version = next.version, status = next.status, partial = next.partial, items_pending = next.pending,
  items_processing = next.processing, items_completed = next.completed, items_failed = next.failed,
  items_cancelled = next.cancelled, items_total = next.total, products_produced = next.produced, error = next.error,
  started_at = next.started_at, finished_at = next.finished_at, updated_at = now()
FROM unnest($1::uuid[], $2::int[], $3::text[], $4::boolean[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[],
  $10::int[], $11::int[], $12::jsonb[], $13::timestamptz[], $14::timestamptz[])
  AS next(id, version, status, partial, pending, processing, completed, failed, cancelled, total, produced, error,
    started_at, finished_at)
WHERE orders.id = next.id`;

/** Writes the rollup of orders that are locked. */
export async function updateOrders(client: pg.ClientBase, orders: readonly OrderRow[]): Promise<void> {
  await client.query({
    name: "update-orders",
    text: updateOrdersSql,
    values: [
      plainArray(orders.map(({ id }) => id)),
      plainArray(orders.map(({ version }) => version)),
      plainArray(orders.map(({ status }) => status)),
      plainArray(orders.map(({ partial }) => partial)),
      plainArray(orders.map(({ itemsPending }) => itemsPending)),
      plainArray(orders.map(({ itemsProcessing }) => itemsProcessing)),
      plainArray(orders.map(({ itemsCompleted }) => itemsCompleted)),
      plainArray(orders.map(({ itemsFailed }) => itemsFailed)),
      plainArray(orders.map(({ itemsCancelled }) => itemsCancelled)),
      plainArray(orders.map(({ itemsTotal }) => itemsTotal)),
      plainArray(orders.map(({ productsProduced }) => productsProduced)),
      orders.map(({ error }) => error && JSON.stringify(error)),
      plainArray(orders.map(({ startedAt }) => startedAt?.toISOString())),
      plainArray(orders.map(({ finishedAt }) => finishedAt?.toISOString())),
    ],
  });
}
