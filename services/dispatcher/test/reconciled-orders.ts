/** Orders as the API writes and announces them, and what a dispatcher has made of them. */
import { itemIdOf } from "@tirage/contracts";
import { buildOrderCreated, testOrderId } from "@tirage/contracts/testing";
import { type Broker, publish } from "@tirage/messaging";
import type pg from "pg";

export const provider = "null";

/** Writes the order as the API does, and announces it unless it is to seem lost. */
export async function placeOrder(
  { pool, broker }: { pool: pg.Pool; broker: Broker },
  n: number,
  generations: number,
  { isAnnounced = true, ...times }: { isAnnounced?: boolean; startAt?: string; expiresAt?: string } = {},
): Promise<string> {
  const orderId = testOrderId(n);
  const plan = { generations, batchSize: 1, lastBatchSize: 1, totalProducts: generations };
  await pool.query(
    `INSERT INTO orders (id, provider, model, prompt, seed, generations, products_requested, items_total, items_pending,
       start_at, expires_at) VALUES ($1, $2, 'null/no-op', 'nothing', 7, $3, $3, $3, $3, $4, $5)`,
    [orderId, provider, generations, times.startAt ?? null, times.expiresAt ?? null],
  );
  const indexes = Array.from({ length: generations }, (_, index) => index);
  await pool.query(
    `INSERT INTO order_items (id, order_id, index, seed)
     SELECT id, $2, index, 7 + index FROM unnest($1::uuid[], $3::int[]) AS item(id, index)`,
    [indexes.map((index) => itemIdOf(orderId, index)), orderId, indexes],
  );
  if (isAnnounced) await publish(broker, buildOrderCreated({ orderId, provider, model: "null/no-op", plan, ...times }));
  return orderId;
}

/** Whether the order has. */
export async function hasEnded(pool: pg.Pool, orderId: string): Promise<boolean> {
  const { rows } = await pool.query("SELECT status FROM orders WHERE id = $1", [orderId]);
  return !["pending", "processing"].includes(rows[0]?.status);
}

/** Of a service's metrics, by name. */
export async function readCounter(url: string, name: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const line = metrics.split("\n").find((candidate) => new RegExp(`^${name}(\\{|\\s)`).test(candidate));
  if (!line) throw new Error(`${name} is not among the metrics`);
  return Number(line.trim().split(/\s+/)[1]);
}

/** Sweeps that this dispatcher made itself. */
export async function readSweeps(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^tirage_reconciler_sweeps_total\{[^}]*outcome="swept"[^}]*\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}
