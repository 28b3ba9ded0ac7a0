/** Reads. Single rows, which are polled, are SQL through pg; lists are Prisma's. */
import { orderColumns } from "@tirage/database";
import type { PrismaClient } from "@tirage/database/prisma";
import type pg from "pg";
import { itemCursor, orderCursor, pageOfRows, productCursor } from "../domain/cursor.ts";
import { type OrderAftermath, showOrder, type TracedOrderRow } from "../domain/show-order.ts";
import { type CallRow, showItem, showProduct } from "../domain/show-rows.ts";
import type { OrderFilter, OrderReader } from "../ports.ts";
import { createDeletionReader } from "./deletion-reader.ts";
import { createProductReader } from "./product-reader.ts";

/** Reading calls is a look by key for each: a page of orders that are larger would keep whoever lists waiting. */
const mostItemsCounted = 100;

/** The select list that reads an `OrderAftermath` beside the table `orders` (unaliased). */
const aftermathColumns = `
  (SELECT max(request.created_at) FROM order_requests AS request
   WHERE request.order_id = orders.id AND request.kind = 'retry') AS "retriedAt",
  CASE WHEN orders.finished_at IS NOT NULL AND orders.items_total <= ${mostItemsCounted} THEN
    (SELECT sum(coalesce((call.result -> 'payload' ->> 'charged')::int, (call.result -> 'payload' ->> 'produced')::int))::int
     FROM order_items AS item JOIN provider_calls AS call ON call.item_id = item.id WHERE item.order_id = orders.id)
  END AS "outputsCharged"`;

/** The select list that reads a `TracedOrderRow` from the table `orders` (unaliased). */
export const tracedOrderColumns = `${orderColumns}, orders.trace_parent AS "traceParent", ${aftermathColumns}`;

const orderText = `SELECT ${tracedOrderColumns} FROM orders WHERE tenant_id = $1 AND id = $2`;

/** Newest orders only: no index says which changed last, since every change of an order would have to keep it. */
const ordersSinceText = `SELECT ${tracedOrderColumns} FROM
  (SELECT * FROM orders WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1000) AS orders
WHERE updated_at > $2 ORDER BY created_at, id`;

const aftermathText = `SELECT id, ${aftermathColumns} FROM orders WHERE id = ANY ($1::uuid[])`;

/** What the ledger recorded of the calls of some items' attempts. */
const callsText = `
SELECT item_id AS "itemId", created_at AS "claimedAt", submit_started_at AS "submittedAt", submits,
  (result->'payload'->>'costMicroUsd')::bigint AS "costMicroUsd",
  (result->'payload'->'timings'->>'storeMs')::float8 AS "storeMs"
FROM provider_calls WHERE (item_id, attempt) IN (SELECT * FROM unnest($1::uuid[], $2::int[]))`;

export function createOrderReader({
  pool,
  prisma,
}: {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;
}): OrderReader {
  return {
    async findOrder(tenantId, orderId) {
      const values = [tenantId, orderId];
      const { rows } = await pool.query<TracedOrderRow>({ name: "find-order", text: orderText, values });
      return rows[0] && showOrder(rows[0]);
    },
    async listOrdersSince(tenantId, after) {
      const query = { name: "list-orders-since", text: ordersSinceText, values: [tenantId, after] };
      const { rows } = await pool.query<TracedOrderRow>(query);
      return rows.map(showOrder);
    },
    ...createProductReader({ pool }),
    ...createDeletionReader({ pool }),
    async listOrders(tenantId, filter, { limit, after }) {
      const rows = await prisma.order.findMany({
        where: {
          tenantId,
          ...conditionsOf(filter),
          // The first condition is what the index can seek to; the second skips what shares the last one's instant.
          ...(after && {
            AND: [
              { createdAt: { lte: after.createdAt } },
              { OR: [{ createdAt: { lt: after.createdAt } }, { id: { lt: after.id } }] },
            ],
          }),
        },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: limit + 1,
      });
      const page = pageOfRows(rows, limit, orderCursor.write);
      const aftermaths = await readAftermaths(pool, page.rows);
      const data = page.rows.map((row) => showOrder({ ...row, ...(aftermaths.get(row.id) ?? noAftermath) }));
      return { data, nextCursor: page.nextCursor };
    },
    async listItems(tenantId, orderId, { limit, after }) {
      const rows = await prisma.orderItem.findMany({
        where: { orderId, order: { tenantId }, ...(after && { index: { gt: after.index } }) },
        orderBy: { index: "asc" },
        take: limit + 1,
      });
      const page = pageOfRows(rows, limit, itemCursor.write);
      const calls = await readCalls(pool, page.rows);
      return { data: page.rows.map((row) => showItem(row, calls.get(row.id))), nextCursor: page.nextCursor };
    },
    async listProducts(tenantId, orderId, { limit, after }) {
      const order = await prisma.order.findUnique({
        where: { id: orderId, tenantId },
        select: { provider: true, model: true },
      });
      if (!order) return { data: [], nextCursor: null };
      const rows = await prisma.product.findMany({
        where: {
          orderId,
          ...(after && { OR: [{ index: { gt: after.index } }, { index: after.index, id: { gt: after.id } }] }),
        },
        orderBy: [{ index: "asc" }, { id: "asc" }],
        take: limit + 1,
      });
      const page = pageOfRows(rows, limit, productCursor.write);
      const items = await readItemsOf(prisma, page.rows);
      const data = page.rows.map((row) =>
        showProduct({ ...row, ...order, ...(items.get(row.orderItemId ?? "") ?? noItem) }),
      );
      return { data, nextCursor: page.nextCursor };
    },
  };
}

/** Of an order that was deleted meanwhile. */
const noAftermath: OrderAftermath = { retriedAt: null, outputsCharged: null };

async function readAftermaths(
  pool: pg.Pool,
  orders: readonly { readonly id: string }[],
): Promise<ReadonlyMap<string, OrderAftermath>> {
  const values = [orders.map(({ id }) => id)];
  const query = { name: "read-aftermaths", text: aftermathText, values };
  const { rows } = await pool.query<OrderAftermath & { id: string }>(query);
  return new Map(rows.map(({ id, ...aftermath }) => [id, aftermath]));
}

/** What a product shows of an item that was deleted. */
const noItem = { workerId: null, providerRequestId: null, startedAt: null, finishedAt: null };

/** What products show of the items that made them, by item id. */
async function readItemsOf(prisma: PrismaClient, products: readonly { readonly orderItemId: string | null }[]) {
  const ids = new Set(products.flatMap(({ orderItemId }) => orderItemId ?? []));
  const items = await prisma.orderItem.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, workerId: true, providerRequestId: true, startedAt: true, finishedAt: true },
  });
  return new Map(items.map(({ id, ...item }) => [id, item]));
}

async function readCalls(
  pool: pg.Pool,
  items: readonly { readonly id: string; readonly attempt: number }[],
): Promise<ReadonlyMap<string, CallRow>> {
  const values = [items.map(({ id }) => id), items.map(({ attempt }) => attempt)];
  const { rows } = await pool.query<CallRow>({ name: "read-calls", text: callsText, values });
  return new Map(rows.map((row) => [row.itemId, row]));
}

function conditionsOf({ status, model, createdAfter, createdBefore }: OrderFilter) {
  return {
    ...(status && { status }),
    ...(model && { model }),
    ...((createdAfter || createdBefore) && { createdAt: { gt: createdAfter, lt: createdBefore } }),
  };
}
