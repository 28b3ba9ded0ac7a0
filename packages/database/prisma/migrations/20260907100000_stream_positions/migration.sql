-- Where a stream of events that broke goes on: after which products of an order, and after which changes of orders.

ALTER TABLE "products" ADD COLUMN "order_version" INTEGER NOT NULL DEFAULT 0;

-- Not indexed: it changes with every rollup, which then stays within the page.
ALTER TABLE "orders" ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
