/** Orders in a test's database. */
import { batchSizeOf, itemIdOf, type Plan, planOrder } from "@tirage/contracts";
import type pg from "pg";
import { createOrderId } from "./item-events.ts";

export interface TestOrder {
  readonly id: string;
  readonly plan: Plan;
}

/** Inserts an order and its pending items, as order-api does. */
export async function insertOrder(
  pool: pg.Pool,
  { quantity, batchSize, shortfall = "accept" }: { quantity: number; batchSize: number; shortfall?: string },
): Promise<TestOrder> {
  const id = createOrderId();
  const plan = planOrder({ quantity, batchSize, remainder: "exact" }, { maximumBatchSize: batchSize });
  const indexes = Array.from({ length: plan.generations }, (_, index) => index);
  await pool.query(
    `INSERT INTO orders (id, provider, model, prompt, seed, generations, batch_size, last_batch_size,
       products_requested, items_total, items_pending, shortfall)
     VALUES ($1, 'fal', 'fal-ai/flux/schnell', 'a lighthouse', 7, $2, $3, $4, $5, $2, $2, $6)`,
    [id, plan.generations, plan.batchSize, plan.lastBatchSize, plan.totalProducts, shortfall],
  );
  await pool.query(
    `INSERT INTO order_items (id, order_id, index, seed, total_quantity, batch_size)
     SELECT item.id, $1, item.index, item.index, item.quantity, item.quantity
     FROM unnest($2::uuid[], $3::int[], $4::int[]) AS item(id, index, quantity)`,
    [id, indexes.map((index) => itemIdOf(id, index)), indexes, indexes.map((index) => batchSizeOf(plan, index))],
  );
  return { id, plan };
}
