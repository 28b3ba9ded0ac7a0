import { type createPool, migrate } from "@tirage/database";
import { diffSchemas, readSchema } from "@tirage/database/schema";
import { expect, test } from "vitest";
import { openEmptyDatabase } from "./open-database.ts";
import { readCatalogue } from "./read-catalogue.ts";

const baseMigration = "20260105090000_base";
const laterMigrations = [
  "20260602090000_batches",
  "20260901090000_provider_calls",
  "20260902090000_outbox",
  "20260903090000_idempotency_keys",
  "20260904090000_products_without_order_key",
  "20260905090000_order_requests",
  "20260906090000_call_recovery",
  "20260907090000_provider_pauses",
  "20260907100000_stream_positions",
  "20260908090000_deleted_orders",
  "20260912090000_products_without_item_key",
  "20260913090000_dead_letter_replays",
  "20260914090000_worker_drains",
];
const allMigrations = [baseMigration, ...laterMigrations];

test("migrate: on an empty database, applies every migration once", async () => {
  await using database = await openEmptyDatabase();

  expect(await migrate(database.url)).toEqual({ applied: allMigrations });
  expect(await migrate(database.url)).toEqual({ applied: [] });
});

test("migrate: on an empty database, arrives at schema.prisma", async () => {
  await using migrated = await openEmptyDatabase();
  await using declared = await openEmptyDatabase();

  await migrate(migrated.url);
  await declared.pool.query(await diffSchemas({ databaseUrl: declared.url, to: await readSchema() }));

  const expected = await readCatalogue(declared.pool);
  expect(expected.columns.length).toBeGreaterThan(80);
  expect(await readCatalogue(migrated.pool)).toEqual(expected);
});

test("migrate: by four at once, applies every migration once", async () => {
  await using database = await openEmptyDatabase();

  const results = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url)));

  expect(results.flatMap(({ applied }) => applied)).toEqual(allMigrations);
  const { rows } = await database.pool.query(
    "select migration_name as name, finished_at is not null as finished from _prisma_migrations order by 1",
  );
  expect(rows).toEqual(allMigrations.map((name) => ({ name, finished: true })));
});

test("migrate: when a migration fails, says which, applies none and works once the cause is gone", async () => {
  await using database = await openEmptyDatabase();
  await migrate(database.url, { through: "20260901090000_provider_calls" });
  await database.pool.query("create table idempotency_keys (in_the_way int)");

  await expect(migrate(database.url)).rejects.toThrow(/^migration 20260903090000_idempotency_keys: .*already exists/);
  const { rows } = await database.pool.query("select relname from pg_class where relname = 'outbox'");
  expect(rows).toEqual([]);

  await database.pool.query("drop table idempotency_keys");
  expect(await migrate(database.url)).toEqual({
    applied: [
      "20260902090000_outbox",
      "20260903090000_idempotency_keys",
      "20260904090000_products_without_order_key",
      "20260905090000_order_requests",
      "20260906090000_call_recovery",
      "20260907090000_provider_pauses",
      "20260907100000_stream_positions",
      "20260908090000_deleted_orders",
      "20260912090000_products_without_item_key",
      "20260913090000_dead_letter_replays",
      "20260914090000_worker_drains",
    ],
  });
});

test("migrate: when the server cannot be reached, rejects with pg's error", async () => {
  await expect(migrate("postgres://postgres@127.0.0.1:1/none")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("migrate: on a database holding pre-batch rows, makes them batches of one and loses nothing", async () => {
  await using database = await openEmptyDatabase();
  await migrate(database.url, { through: baseMigration });
  await insertPreBatchOrders(database.pool);

  expect(await migrate(database.url)).toEqual({ applied: laterMigrations });

  const orders = await database.pool.query(`
    select prompt, status, partial, shortfall, remainder, generations, batch_size as "batchSize",
      last_batch_size as "lastBatchSize", products_requested as requested, products_produced as produced, seed
    from orders order by prompt`);
  const plan = { shortfall: "accept", remainder: "exact", batchSize: 1, lastBatchSize: 1 };
  expect(orders.rows).toEqual([
    {
      ...plan,
      prompt: "a pier",
      status: "completed",
      partial: true,
      generations: 3,
      requested: 3,
      produced: 2,
      seed: 7,
    },
    {
      ...plan,
      prompt: "a quay",
      status: "pending",
      partial: false,
      generations: 1,
      requested: 1,
      produced: 0,
      seed: 4294967295,
    },
  ]);

  const items = await database.pool.query(`
    select prompt, index, order_items.status, total_quantity as quantity, order_items.batch_size as "batchSize",
      batches_completed as batches, produced, attempt
    from order_items join orders on orders.id = order_id order by prompt, index`);
  const item = { quantity: 1, batchSize: 1, attempt: 1 };
  expect(items.rows).toEqual([
    { ...item, prompt: "a pier", index: 0, status: "completed", batches: 1, produced: 1 },
    { ...item, prompt: "a pier", index: 1, status: "failed", batches: 0, produced: 0 },
    { ...item, prompt: "a pier", index: 2, status: "completed", batches: 1, produced: 1, attempt: 2 },
    { ...item, prompt: "a quay", index: 0, status: "pending", batches: 0, produced: 0 },
  ]);

  const products = await database.pool.query(`
    select products.index, storage_key as "storageKey", order_items.index as "ofItem", products.attempt,
      output_index as "outputIndex", products.seed
    from products left join order_items on order_items.id = order_item_id order by products.index`);
  expect(products.rows).toEqual([
    { index: 0, storageKey: "pier/0", ofItem: 0, attempt: 1, outputIndex: 0, seed: 70 },
    { index: 2, storageKey: "pier/2", ofItem: 2, attempt: 2, outputIndex: 0, seed: 72 },
  ]);
});

async function insertPreBatchOrders(pool: ReturnType<typeof createPool>): Promise<void> {
  await pool.query(`
    insert into orders (id, provider, model, prompt, seed, status, items_total, items_pending, items_completed, items_failed) values
      ('00000000-0000-7000-8000-000000000001', 'fal', 'fal-ai/flux/schnell', 'a pier', 7, 'completed', 3, 0, 2, 1),
      ('00000000-0000-7000-8000-000000000002', 'fal', 'fal-ai/flux/schnell', 'a quay', 4294967295, 'pending', 1, 1, 0, 0);
    insert into order_items (id, order_id, index, status, attempt, seed) values
      ('00000000-0000-7000-8000-000000000010', '00000000-0000-7000-8000-000000000001', 0, 'completed', 1, 70),
      ('00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000001', 1, 'failed', 1, 71),
      ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000001', 2, 'completed', 2, 72),
      ('00000000-0000-7000-8000-000000000020', '00000000-0000-7000-8000-000000000002', 0, 'pending', 1, 80);
    insert into products (id, order_id, index, storage_key, content_type, bytes, width, height, sha256) values
      ('00000000-0000-7000-8000-000000000100', '00000000-0000-7000-8000-000000000001', 0, 'pier/0', 'image/png', 10, 64, 64, 'aa'),
      ('00000000-0000-7000-8000-000000000102', '00000000-0000-7000-8000-000000000001', 2, 'pier/2', 'image/png', 12, 64, 64, 'bb');`);
}
