/** Extra items of orders, a whole batch in one statement each. The orders must be locked in the same transaction. */
import type pg from "pg";
import type { EndedItem, ExtraItem } from "../domain/top-up.ts";
import { plainArray } from "./array-literal.ts";

interface ItemOfOrder {
  readonly orderId: string;
}

/** Whoever cancelled an order once wants no more of it than they ask for; past its deadline nothing is begun. */
const readEndedItemsSql = `
SELECT item.order_id AS "orderId", item.index, item.status, item.batch_size AS "batchSize", item.produced,
  item.error ->> 'code' AS code, item.created_at AS "createdAt"
FROM orders JOIN order_items AS item ON item.order_id = orders.id
WHERE orders.id = ANY ($1::uuid[]) AND (orders.expires_at IS NULL OR orders.expires_at > now())
  AND NOT EXISTS (SELECT FROM order_requests AS request WHERE request.order_id = orders.id AND request.kind = 'cancel')
ORDER BY item.order_id, item.index`;

/** The items, by index, of those orders that may still get extra ones. */
export async function readEndedItems(
  client: pg.ClientBase,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, readonly EndedItem[]>> {
  const { rows } = await client.query<EndedItem & ItemOfOrder>({
    name: "read-ended-items",
    text: readEndedItemsSql,
    values: [plainArray(orderIds)],
  });
  return Map.groupBy(rows, ({ orderId }) => orderId);
}

/** Written with the statement's time: what is inserted together is a round, and is known by it. */
const insertExtraItemsSql = `
INSERT INTO order_items (id, order_id, index, total_quantity, batch_size, seed, created_at)
SELECT extra.id, extra.order_id, extra.index, extra.size, extra.size, extra.seed, statement_timestamp()
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::bigint[]) AS extra(id, order_id, index, size, seed)`;

export async function insertExtraItems(client: pg.ClientBase, items: readonly ExtraItem[]): Promise<void> {
  await client.query({
    name: "insert-extra-items",
    text: insertExtraItemsSql,
    values: [
      plainArray(items.map(({ id }) => id)),
      plainArray(items.map(({ orderId }) => orderId)),
      plainArray(items.map(({ index }) => index)),
      plainArray(items.map(({ batchSize }) => batchSize)),
      plainArray(items.map(({ seed }) => seed)),
    ],
  });
}

/** An extra item as it stands. */
export interface StoredExtraItem extends ItemOfOrder {
  readonly index: number;
  readonly batchSize: number;
  readonly status: string;
  readonly createdAt: Date;
}

/** The extra items of orders, by index. */
export async function readExtraItems(
  client: pg.ClientBase,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredExtraItem[]>> {
  const { rows } = await client.query<StoredExtraItem>({
    name: "read-extra-items",
    text: `
SELECT item.order_id AS "orderId", item.index, item.batch_size AS "batchSize", item.created_at AS "createdAt",
  CASE WHEN item.attempt = 1 THEN item.status ELSE 'retried' END AS status
FROM orders JOIN order_items AS item ON item.order_id = orders.id AND item.index >= orders.generations
WHERE orders.id = ANY ($1::uuid[])
ORDER BY item.order_id, item.index`,
    values: [plainArray(orderIds)],
  });
  return Map.groupBy(rows, ({ orderId }) => orderId);
}
