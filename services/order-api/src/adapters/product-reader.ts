/** Reads of products beside their order: one by its id, and those of all orders. */
import type pg from "pg";
import type { ArchivedRow } from "../domain/archive-manifest.ts";
import { orderCursor, pageOfRows } from "../domain/cursor.ts";
import { type GalleryRow, type ProductRow, showGalleryProduct, showProduct } from "../domain/show-rows.ts";
import type { GalleryFilter, OrderReader } from "../ports.ts";

const rowsText = `
SELECT products.id, products.attempt, products.order_version AS "orderVersion", products.order_id AS "orderId", order_item_id AS "orderItemId", products.index,
  storage_key AS "storageKey", content_type AS "contentType", bytes, width, height, sha256, products.seed,
  products.created_at AS "createdAt", orders.provider, orders.model, orders.prompt, orders.status AS "orderStatus",
  worker_id AS "workerId", provider_request_id AS "providerRequestId", order_items.started_at AS "startedAt",
  order_items.finished_at AS "finishedAt"
FROM products JOIN orders ON orders.id = products.order_id LEFT JOIN order_items ON order_items.id = order_item_id`;
const ofTenant = `${rowsText} WHERE orders.tenant_id = $1`;

const nextText = `${rowsText} WHERE products.order_id = $1 AND (products.index, products.id) > ($2, $3)
ORDER BY products.index, products.id LIMIT $4`;
const sinceText = `${rowsText} WHERE products.order_id = $1 AND (products.order_version, products.index) > ($2, $3)
  AND ($5::timestamptz IS NULL OR products.created_at > $5)
ORDER BY products.order_version, products.index LIMIT $4`;
const rowsAtOnce = 200;
const beforeAll = { index: -1, id: "00000000-0000-0000-0000-000000000000" };

export function createProductReader({
  pool,
}: {
  readonly pool: pg.Pool;
}): Pick<OrderReader, "findProduct" | "listGallery" | "listProductsSince"> {
  return {
    async findProduct(tenantId, productId) {
      const text = `${ofTenant} AND products.id = $2`;
      const { rows } = await pool.query<GalleryRow>({ name: "find-product", text, values: [tenantId, productId] });
      return rows[0];
    },
    async listProductsSince(orderId, { after, createdAfter }, limit) {
      const values = [orderId, after.version, after.index, limit, createdAfter];
      const query = { name: "list-products-since", text: sinceText, values };
      const { rows } = await pool.query<ProductRow & { orderVersion: number }>(query);
      return rows.map(({ orderVersion: version, ...row }) => ({
        product: showProduct(row),
        position: { version, index: row.index },
      }));
    },
    async listGallery(tenantId, filter, { limit, after }) {
      const values: unknown[] = [tenantId];
      const parameter = (value: unknown) => `$${values.push(value)}`;
      const conditions = conditionsOf(filter, parameter);
      if (after) {
        conditions.push(`(products.created_at, products.id) < (${parameter(after.createdAt)}, ${parameter(after.id)})`);
      }
      const text = `${[ofTenant, ...conditions].join(" AND ")}
ORDER BY products.created_at DESC, products.id DESC LIMIT ${parameter(limit + 1)}`;
      const { rows } = await pool.query<GalleryRow>({ text, values });
      const page = pageOfRows(rows, limit, orderCursor.write);
      return { data: page.rows.map(showGalleryProduct), nextCursor: page.nextCursor };
    },
  };
}

/** The products of one order by index, read as the loop asks for them. */
export async function* iterateProducts(pool: pg.Pool, orderId: string): AsyncGenerator<ArchivedRow, void, undefined> {
  let after = beforeAll;
  for (;;) {
    const values = [orderId, after.index, after.id, rowsAtOnce];
    const { rows } = await pool.query<ArchivedRow>({ name: "next-products", text: nextText, values });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < rowsAtOnce) return;
    after = last;
  }
}

/** Only what is asked for, so that the plan is made for it. */
function conditionsOf(filter: GalleryFilter, parameter: (value: unknown) => string): string[] {
  const { status, provider, model, search, createdAfter, createdBefore } = filter;
  const conditions: string[] = [];
  if (status !== undefined) conditions.push(`orders.status = ${parameter(status)}`);
  if (provider !== undefined) conditions.push(`orders.provider = ${parameter(provider)}`);
  if (model !== undefined) conditions.push(`orders.model = ${parameter(model)}`);
  if (search !== undefined) conditions.push(`orders.prompt ILIKE ${parameter(`%${escapeLike(search)}%`)}`);
  if (createdAfter !== undefined) conditions.push(`products.created_at > ${parameter(createdAfter)}`);
  if (createdBefore !== undefined) conditions.push(`products.created_at < ${parameter(createdBefore)}`);
  return conditions;
}

/** As it stands, though it may hold what LIKE takes for a pattern. */
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");
