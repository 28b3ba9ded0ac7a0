-- What is asked of an order after it was placed, and what providers tell by themselves. Both are only inserted.

CREATE TABLE "order_requests" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "order_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "indexes" INTEGER[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "order_requests_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "order_requests_kind_check" CHECK ("kind" IN ('cancel', 'retry'))
);

-- One retry makes one attempt, and one cancel of an attempt is as good as many.
CREATE UNIQUE INDEX "order_requests_order_id_kind_attempt_key" ON "order_requests"("order_id", "kind", "attempt");

ALTER TABLE "order_requests" ADD CONSTRAINT "order_requests_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "provider_callbacks" (
    "nonce" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_callbacks_pkey" PRIMARY KEY ("nonce")
);

ALTER TABLE "order_items"
    ADD COLUMN "cancel_outcome" TEXT,
    ADD COLUMN "recovery" TEXT;
