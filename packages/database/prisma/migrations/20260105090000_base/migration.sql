-- Before batches: an item is one provider call that gives one product, and the product of item n is the order's n-th.

CREATE TABLE "orders" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL DEFAULT 'local',
    "status" TEXT NOT NULL DEFAULT 'pending',
    "version" INTEGER NOT NULL DEFAULT 0,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "model_version" TEXT,
    "prompt" TEXT NOT NULL,
    "parameters" JSONB NOT NULL DEFAULT '{}',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "priority" TEXT NOT NULL DEFAULT 'standard',
    "seed" BIGINT NOT NULL,
    "items_total" INTEGER NOT NULL DEFAULT 0,
    "items_pending" INTEGER NOT NULL DEFAULT 0,
    "items_processing" INTEGER NOT NULL DEFAULT 0,
    "items_completed" INTEGER NOT NULL DEFAULT 0,
    "items_failed" INTEGER NOT NULL DEFAULT 0,
    "items_cancelled" INTEGER NOT NULL DEFAULT 0,
    "error" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "start_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "trace_parent" TEXT,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "orders_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    CONSTRAINT "orders_priority_check" CHECK ("priority" IN ('interactive', 'standard', 'bulk'))
) WITH (fillfactor = 80);

CREATE TABLE "order_items" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "seed" BIGINT NOT NULL,
    "worker_id" TEXT,
    "provider_request_id" TEXT,
    "error" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "stored_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "order_items_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "order_items_status_check" CHECK ("status" IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    CONSTRAINT "order_items_index_check" CHECK ("index" >= 0),
    CONSTRAINT "order_items_attempt_check" CHECK ("attempt" >= 1)
) WITH (fillfactor = 80);

CREATE TABLE "products" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "storage_key" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "products_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "orders_tenant_id_created_at_id_idx" ON "orders"("tenant_id", "created_at" DESC, "id" DESC);

-- The open orders, oldest first: what reconciling walks through.
CREATE INDEX "orders_open_idx" ON "orders"("created_at", "id") WHERE "status" IN ('pending', 'processing');

CREATE UNIQUE INDEX "order_items_order_id_index_key" ON "order_items"("order_id", "index");

CREATE INDEX "products_order_id_index_idx" ON "products"("order_id", "index");

CREATE INDEX "products_created_at_id_idx" ON "products"("created_at", "id");

ALTER TABLE "order_items" ADD CONSTRAINT "order_items_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "products" ADD CONSTRAINT "products_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE CASCADE ON UPDATE CASCADE;
