-- Batches: an item asks several outputs of one provider call, and an order records its plan.
-- The defaults make every older row a batch of one, and keep the previous version's inserts valid while both run.

ALTER TABLE "order_items"
    ADD COLUMN "total_quantity" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "batch_size" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "batches_completed" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "produced" INTEGER NOT NULL DEFAULT 0,
    ADD CONSTRAINT "order_items_batch_check" CHECK ("total_quantity" >= 1 AND "batch_size" >= 1 AND "batches_completed" >= 0 AND "produced" >= 0);

ALTER TABLE "products"
    ADD COLUMN "order_item_id" UUID,
    ADD COLUMN "attempt" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "output_index" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "seed" BIGINT;

ALTER TABLE "orders"
    ADD COLUMN "partial" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "shortfall" TEXT NOT NULL DEFAULT 'accept',
    ADD COLUMN "remainder" TEXT NOT NULL DEFAULT 'exact',
    ADD COLUMN "generations" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "batch_size" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "last_batch_size" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "products_requested" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "products_produced" INTEGER NOT NULL DEFAULT 0,
    ADD CONSTRAINT "orders_shortfall_check" CHECK ("shortfall" IN ('accept', 'top_up')),
    ADD CONSTRAINT "orders_remainder_check" CHECK ("remainder" IN ('exact', 'overshoot')),
    ADD CONSTRAINT "orders_plan_check" CHECK ("generations" >= 1 AND "batch_size" >= 1 AND "last_batch_size" >= 1 AND "products_requested" >= 1);

-- What the older rows already say, in the new columns.
UPDATE "products" SET "order_item_id" = "order_items"."id", "attempt" = "order_items"."attempt", "seed" = "order_items"."seed"
FROM "order_items"
WHERE "order_items"."order_id" = "products"."order_id" AND "order_items"."index" = "products"."index";

UPDATE "order_items" SET "batches_completed" = 1, "produced" = 1 WHERE "status" = 'completed';

UPDATE "orders" SET "generations" = "items_total", "products_requested" = "items_total" WHERE "items_total" > 1;

UPDATE "orders" SET "products_produced" = "stored"."count"
FROM (SELECT "order_id", count(*) AS "count" FROM "products" GROUP BY "order_id") AS "stored"
WHERE "stored"."order_id" = "orders"."id";

UPDATE "orders" SET "partial" = true WHERE "status" = 'completed' AND "products_produced" < "products_requested";

CREATE INDEX "products_order_item_id_idx" ON "products"("order_item_id");

ALTER TABLE "products" ADD CONSTRAINT "products_order_item_id_fkey" FOREIGN KEY ("order_item_id") REFERENCES "order_items"("id") ON DELETE SET NULL ON UPDATE CASCADE;
