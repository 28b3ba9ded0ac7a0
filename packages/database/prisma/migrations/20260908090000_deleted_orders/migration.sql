-- Orders that a customer deleted: what is left of them, and which of their blobs are still to be removed.

CREATE TABLE "deleted_orders" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "storage_keys" TEXT[],
    "deleted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deleted_orders_pkey" PRIMARY KEY ("id")
);

-- For those who follow the tenant's orders.
CREATE INDEX "deleted_orders_tenant_id_deleted_at_idx" ON "deleted_orders"("tenant_id", "deleted_at");

-- For the sweep. It stays as small as the arrears are.
CREATE INDEX "deleted_orders_unswept_idx" ON "deleted_orders"("deleted_at") WHERE "storage_keys" <> '{}';
