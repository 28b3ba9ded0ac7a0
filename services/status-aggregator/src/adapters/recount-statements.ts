/** One order whose items are counted anew or opened again. The order must be locked in the same transaction. */
import type { OrderRow } from "@tirage/contracts";
import type pg from "pg";

/** What an order's items and products say together. */
export type Recount = Pick<
  OrderRow,
  | "itemsTotal"
  | "itemsPending"
  | "itemsProcessing"
  | "itemsCompleted"
  | "itemsFailed"
  | "itemsCancelled"
  | "productsProduced"
  | "startedAt"
>;

/** An item's own count follows the products of its present attempt, the only ones that count. */
const recountItemsSql = `
UPDATE order_items AS item SET produced = counted.products
FROM (
  SELECT present.id, count(product.id)::int AS products
  FROM order_items AS present LEFT JOIN products AS product
    ON product.order_id = $1 AND product.order_item_id = present.id AND product.attempt = present.attempt
    AND present.status = 'completed'
  WHERE present.order_id = $1 GROUP BY present.id
) AS counted
WHERE item.id = counted.id AND item.produced <> counted.products`;

const recountSql = `
SELECT count(*)::int AS "itemsTotal", count(*) FILTER (WHERE status = 'pending')::int AS "itemsPending",
  count(*) FILTER (WHERE status = 'processing')::int AS "itemsProcessing",
  count(*) FILTER (WHERE status = 'completed')::int AS "itemsCompleted",
  count(*) FILTER (WHERE status = 'failed')::int AS "itemsFailed",
  count(*) FILTER (WHERE status = 'cancelled')::int AS "itemsCancelled",
  coalesce(sum(produced), 0)::int AS "productsProduced", min(started_at) AS "startedAt"
FROM order_items WHERE order_id = $1`;

/** A whole order is joined with its products: looking these up for each of its items anew would read them all again. */
const joinByHashSql = "SET LOCAL enable_hashjoin = on";

export async function recountOrder(client: pg.ClientBase, orderId: string): Promise<Recount> {
  await client.query(joinByHashSql);
  await client.query({ name: "recount-items", text: recountItemsSql, values: [orderId] });
  const { rows } = await client.query<Recount>({ name: "recount-order", text: recountSql, values: [orderId] });
  const [recount] = rows;
  if (!recount) throw new Error(`the items of order ${orderId} could not be counted`);
  return recount;
}

const reopenItemsSql = `
UPDATE order_items SET attempt = $2, status = 'pending', produced = 0, batches_completed = 0, worker_id = NULL,
  provider_request_id = NULL, error = NULL, started_at = NULL, stored_at = NULL, finished_at = NULL,
  cancel_outcome = NULL, recovery = NULL
WHERE order_id = $1 AND index = ANY ($3::int[]) AND attempt < $2 AND status IN ('failed', 'cancelled')`;

/** Sets failed and cancelled items of lower attempts pending. An item that is completed stays so: it has its products. */
export async function reopenItems(
  client: pg.ClientBase,
  { orderId, attempt, indexes }: { orderId: string; attempt: number; indexes: readonly number[] },
): Promise<void> {
  await client.query({ name: "reopen-items", text: reopenItemsSql, values: [orderId, attempt, indexes] });
}
