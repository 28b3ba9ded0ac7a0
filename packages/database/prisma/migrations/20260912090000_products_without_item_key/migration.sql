-- Products still outlive their item, but nothing is checked when they are inserted: that transaction has just moved the
-- item and holds the lock of its order. The key's check and its index were a quarter of applying an event.
ALTER TABLE "products" DROP CONSTRAINT "products_order_item_id_fkey";

DROP INDEX "products_order_item_id_idx";

-- Order by order, with the items as a constant: so each order's products are read once, whatever the session plans by.
CREATE FUNCTION "forget_deleted_items"() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  "gone" record;
BEGIN
  FOR "gone" IN SELECT "order_id", array_agg("id") AS "item_ids" FROM "deleted" GROUP BY "order_id" LOOP
    UPDATE "products" SET "order_item_id" = NULL
      WHERE "order_id" = "gone"."order_id" AND "order_item_id" = ANY ("gone"."item_ids");
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER "order_items_forget_deleted" AFTER DELETE ON "order_items"
  REFERENCING OLD TABLE AS "deleted" FOR EACH STATEMENT EXECUTE FUNCTION "forget_deleted_items"();
