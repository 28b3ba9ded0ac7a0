import { randomUUIDv7 } from "node:crypto";
import { migrate } from "@tirage/database";
import { createPrisma } from "@tirage/database/prisma";
import { expect, test } from "vitest";
import { openEmptyDatabase } from "./open-database.ts";

async function openMigratedDatabase() {
  const database = await openEmptyDatabase();
  await migrate(database.url);
  return database;
}

type Database = Awaited<ReturnType<typeof openMigratedDatabase>>;

/** One order with one item and its one product. */
async function insertOrder({ pool }: Database) {
  const orderId = randomUUIDv7();
  const itemId = randomUUIDv7();
  const productId = randomUUIDv7();
  await pool.query("insert into orders (id, provider, model, prompt, seed) values ($1, 'fal', 'm', 'a pier', 7)", [
    orderId,
  ]);
  await pool.query("insert into order_items (id, order_id, index, seed) values ($1, $2, 0, 8)", [itemId, orderId]);
  await pool.query(
    `insert into products (id, order_id, order_item_id, index, storage_key, content_type, bytes, sha256)
     values ($1, $2, $3, 0, 'k', 'image/png', 1, 'aa')`,
    [productId, orderId, itemId],
  );
  return { orderId, itemId, productId };
}

test("products: when their item is deleted, stay without an item", async () => {
  await using database = await openMigratedDatabase();
  const { itemId, orderId, productId } = await insertOrder(database);

  await database.pool.query("delete from order_items where id = $1", [itemId]);

  const { rows } = await database.pool.query("select id, order_id, order_item_id from products");
  expect(rows).toEqual([{ id: productId, order_id: orderId, order_item_id: null }]);
});

test("orders: when one is deleted, its items go with it and its products stay", async () => {
  await using database = await openMigratedDatabase();
  const { orderId, productId } = await insertOrder(database);

  await database.pool.query("delete from orders where id = $1", [orderId]);

  const items = await database.pool.query("select id from order_items");
  expect(items.rows).toEqual([]);
  const products = await database.pool.query("select id, order_id, order_item_id from products");
  expect(products.rows).toEqual([{ id: productId, order_id: orderId, order_item_id: null }]);
});

test.each([
  ["an unknown order status", "update orders set status = 'assigned'", "orders_status_check"],
  ["an unknown item status", "update order_items set status = 'assigned'", "order_items_status_check"],
  ["an empty batch", "update order_items set batch_size = 0", "order_items_batch_check"],
  ["a plan without products", "update orders set products_requested = 0", "orders_plan_check"],
  ["an unknown shortfall", "update orders set shortfall = 'refund'", "orders_shortfall_check"],
  [
    "a second item of the same index",
    "insert into order_items (id, order_id, index, seed) select gen_random_uuid(), order_id, index, seed from order_items",
    "order_items_order_id_index_key",
  ],
  [
    "an unknown ledger state",
    "insert into provider_calls (item_id, attempt, provider, nonce, state) values (gen_random_uuid(), 1, 'fal', 'n', 'paid')",
    "provider_calls_state_check",
  ],
  [
    "a submitted call without a request id",
    "insert into provider_calls (item_id, attempt, provider, nonce, state) values (gen_random_uuid(), 1, 'fal', 'n', 'submitted')",
    "provider_calls_submitted_check",
  ],
  [
    "the same nonce for two calls",
    "insert into provider_calls (item_id, attempt, provider, nonce, state) select gen_random_uuid(), 1, 'fal', 'n', 'open' from generate_series(1, 2)",
    "provider_calls_nonce_key",
  ],
])("schema: %s is refused by its constraint", async (_circumstance, sql, constraint) => {
  await using database = await openMigratedDatabase();
  await insertOrder(database);

  await expect(database.pool.query(sql)).rejects.toMatchObject({ constraint });
});

test("schema: after migrating, keeps the hot tables' fill factors and partial indexes", async () => {
  await using database = await openMigratedDatabase();

  const tables = await database.pool.query(
    "select relname as name, reloptions as settings from pg_class where relkind = 'r' and reloptions is not null order by 1",
  );
  expect(tables.rows).toEqual([
    { name: "order_items", settings: ["fillfactor=80"] },
    { name: "orders", settings: ["fillfactor=80"] },
    { name: "provider_calls", settings: ["fillfactor=70", "autovacuum_vacuum_scale_factor=0.05"] },
  ]);
  const indexes = await database.pool.query(
    "select indexrelid::regclass::text as name from pg_index where indpred is not null order by 1",
  );
  const names = ["deleted_orders_unswept_idx", "orders_open_idx", "outbox_unpublished_idx"];
  expect(indexes.rows).toEqual(names.map((name) => ({ name })));
});

test("prisma: after migrating, reads and writes every table", async () => {
  await using database = await openMigratedDatabase();
  const { orderId, itemId, productId } = await insertOrder(database);
  await using prisma = createPrisma({
    databaseUrl: database.url,
    applicationName: "tirage-test",
    max: 2,
    onError: (error) => database.errors.push(error),
  });

  await prisma.providerCall.create({ data: { itemId, attempt: 1, provider: "fal", nonce: "n", state: "open" } });
  await prisma.outboxMessage.create({
    data: { id: "order.created:1", subject: "order.created.1", type: "t", body: "{}" },
  });
  await prisma.idempotencyKey.create({
    data: { tenantId: "local", key: "k", fingerprint: "f", expiresAt: new Date("2030-01-01T00:00:00Z") },
  });

  expect(await prisma.order.findMany({ include: { items: true } })).toMatchObject([
    {
      id: orderId,
      tenantId: "local",
      status: "pending",
      partial: false,
      seed: 7n,
      items: [{ id: itemId, batchSize: 1, attempt: 1, status: "pending" }],
    },
  ]);
  expect(await prisma.product.findMany()).toMatchObject([{ id: productId, orderId, orderItemId: itemId }]);
  expect(await prisma.providerCall.findFirst()).toMatchObject({ itemId, submits: 1, leaseUntil: null });
  expect(await prisma.outboxMessage.findFirst()).toMatchObject({ body: "{}", headers: {}, publishedAt: null });
  expect(await prisma.idempotencyKey.findFirst()).toMatchObject({
    key: "k",
    expiresAt: new Date("2030-01-01T00:00:00Z"),
  });
});
