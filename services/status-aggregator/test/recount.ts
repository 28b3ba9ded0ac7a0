/** The counters of an order computed anew from its items and products: what the counters must always equal. */
import type pg from "pg";
import { expect } from "vitest";

interface Counters {
  pending: number;
  processing: number;
  completed: number;
  failed: number;
  cancelled: number;
  /** As the items count them. */
  produced: number;
  total: number;
}

async function readCounters(pool: pg.Pool, orderId: string): Promise<Counters | undefined> {
  const { rows } = await pool.query<Counters>(
    `SELECT items_total AS total, items_pending AS pending, items_processing AS processing, items_completed AS completed,
       items_failed AS failed, items_cancelled AS cancelled, products_produced AS produced
     FROM orders WHERE id = $1`,
    [orderId],
  );
  return rows[0];
}

async function recount(pool: pg.Pool, orderId: string): Promise<Counters | undefined> {
  const { rows } = await pool.query<Counters>(
    `SELECT count(*)::int AS total, count(*) FILTER (WHERE status = 'pending')::int AS pending,
       count(*) FILTER (WHERE status = 'processing')::int AS processing,
       count(*) FILTER (WHERE status = 'completed')::int AS completed,
       count(*) FILTER (WHERE status = 'failed')::int AS failed,
       count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled, sum(produced)::int AS produced
     FROM order_items WHERE order_id = $1`,
    [orderId],
  );
  return rows[0];
}

/** Fails unless the order's counters, its items and the products of the items' present attempts agree. */
export async function expectExactCounters(pool: pg.Pool, orderId: string): Promise<void> {
  const counters = await readCounters(pool, orderId);
  expect(counters).toBeDefined();
  expect(counters).toEqual(await recount(pool, orderId));
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM products JOIN order_items AS item ON item.id = products.order_item_id
     WHERE products.order_id = $1 AND products.attempt = item.attempt`,
    [orderId],
  );
  expect(rows[0]?.count).toBe(counters?.produced);
}
