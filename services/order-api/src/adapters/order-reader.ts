/** Reads. Single rows, which are polled, are SQL through pg; lists are Prisma's. */
import { type OrderRow, orderRowToOrder } from "@tirage/contracts";
import { orderColumns } from "@tirage/database";
import type { PrismaClient } from "@tirage/database/prisma";
import type pg from "pg";
import { itemCursor, orderCursor, pageOfRows, productCursor } from "../domain/cursor.ts";
import { type ProductRow, showItem, showProduct } from "../domain/show-rows.ts";
import type { OrderFilter, OrderReader } from "../ports.ts";

const orderText = `SELECT ${orderColumns} FROM orders WHERE tenant_id = $1 AND id = $2`;

const productText = `
SELECT products.id, products.order_id AS "orderId", order_item_id AS "orderItemId", index, storage_key AS "storageKey",
  content_type AS "contentType", bytes, width, height, sha256, products.seed, products.created_at AS "createdAt"
FROM products JOIN orders ON orders.id = products.order_id
WHERE orders.tenant_id = $1 AND products.id = $2`;

export function createOrderReader({
  pool,
  prisma,
}: {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;
}): OrderReader {
  return {
    async findOrder(tenantId, orderId) {
      const { rows } = await pool.query<OrderRow>({ name: "find-order", text: orderText, values: [tenantId, orderId] });
      return rows[0] && orderRowToOrder(rows[0]);
    },
    async findProduct(tenantId, productId) {
      const values = [tenantId, productId];
      const { rows } = await pool.query<ProductRow>({ name: "find-product", text: productText, values });
      return rows[0];
    },
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
      return { data: page.rows.map(orderRowToOrder), nextCursor: page.nextCursor };
    },
    async listItems(tenantId, orderId, { limit, after }) {
      const rows = await prisma.orderItem.findMany({
        where: { orderId, order: { tenantId }, ...(after && { index: { gt: after.index } }) },
        orderBy: { index: "asc" },
        take: limit + 1,
      });
      const page = pageOfRows(rows, limit, itemCursor.write);
      return { data: page.rows.map(showItem), nextCursor: page.nextCursor };
    },
    async listProducts(tenantId, orderId, { limit, after }) {
      const order = await prisma.order.findUnique({ where: { id: orderId, tenantId }, select: { id: true } });
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
      return { data: page.rows.map(showProduct), nextCursor: page.nextCursor };
    },
  };
}

function conditionsOf({ status, model, createdAfter, createdBefore }: OrderFilter) {
  return {
    ...(status && { status }),
    ...(model && { model }),
    ...((createdAfter || createdBefore) && { createdAt: { gt: createdAfter, lt: createdBefore } }),
  };
}
