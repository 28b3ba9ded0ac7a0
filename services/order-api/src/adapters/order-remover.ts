/** Removes an order's rows in one transaction, which also says which blobs are to follow. */
import type pg from "pg";
import { chooseCancel } from "../domain/choose-cancel.ts";
import type { OrderRemover } from "../ports.ts";
import { createRetryReader } from "./retry-reader.ts";

/** Strong enough that nobody asks anything of the order, or moves its items, before it is decided. */
const lockText = "SELECT FROM orders WHERE tenant_id = $1 AND id = $2 FOR UPDATE";

/** Beside the products' blobs those of calls whose products did not count: the ledger has the outputs of every call. */
const markText = `
INSERT INTO deleted_orders (id, tenant_id, storage_keys)
SELECT $2, $1, coalesce(array_agg(key), '{}') FROM (
  SELECT storage_key AS key FROM products WHERE order_id = $2
  UNION
  SELECT output ->> 'storageKey' FROM order_items AS item JOIN provider_calls AS call ON call.item_id = item.id
  CROSS JOIN LATERAL jsonb_path_query(call.result, 'lax $.payload.outputs[*]') AS output
  WHERE item.order_id = $2
) AS keys WHERE key IS NOT NULL`;

const wasRemovedText = "SELECT FROM deleted_orders WHERE tenant_id = $1 AND id = $2";

/**
 * Rows of `provider_calls` stay: they are the accounts, and what answers work that is delivered late. One that ended with
 * the work of another attempt holds what the customer asked for, which goes.
 */
const forgetText = `
UPDATE provider_calls AS call
SET result = jsonb_set(jsonb_set(call.result, '{payload,prompt}', '""'), '{payload,parameters}', '{}')
FROM order_items AS item
WHERE item.order_id = $1 AND call.item_id = item.id AND call.result -> 'payload' ? 'prompt'`;

const removeTexts = [forgetText, "DELETE FROM products WHERE order_id = $1", "DELETE FROM orders WHERE id = $1"];

export function createOrderRemover({
  pool,
  onRemoved,
}: {
  readonly pool: pg.Pool;
  readonly onRemoved: (order: { readonly tenantId: string; readonly orderId: string }) => void;
}): OrderRemover {
  return {
    async remove(tenantId, orderId) {
      const client = await pool.connect();
      let failure: Error | undefined;
      try {
        await client.query("BEGIN");
        const outcome = await removeRows(client, tenantId, orderId);
        await client.query("COMMIT");
        if (outcome === "removed") onRemoved({ tenantId, orderId });
        return outcome;
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        throw failure;
      } finally {
        // A connection that failed within a transaction is closed rather than cleaned.
        client.release(failure);
      }
    },
  };
}

async function removeRows(
  client: pg.ClientBase,
  tenantId: string,
  orderId: string,
): ReturnType<OrderRemover["remove"]> {
  await client.query(lockText, [tenantId, orderId]);
  const candidate = await createRetryReader({ pool: client }).findRetryCandidate(tenantId, orderId);
  if (!candidate) {
    const { rowCount } = await client.query(wasRemovedText, [tenantId, orderId]);
    return rowCount === 1 ? "removed" : "missing";
  }
  // What a cancel could still stop is not deleted.
  if (chooseCancel(candidate) !== undefined) return "open";
  await client.query(markText, [tenantId, orderId]);
  for (const text of removeTexts) await client.query(text, [orderId]);
  return "removed";
}
