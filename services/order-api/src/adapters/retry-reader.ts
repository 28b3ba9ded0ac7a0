import type pg from "pg";
import type { RetryCandidate } from "../domain/choose-retry.ts";
import type { TracedOrderRow } from "../domain/show-order.ts";
import type { RetryReader } from "../ports.ts";
import { tracedOrderColumns } from "./order-reader.ts";

type Facts = Omit<RetryCandidate, "order">;

/** One statement, so that order, items and requests are of the same instant. */
const text = `
SELECT ${tracedOrderColumns}, coalesce(orders.expires_at <= now(), false) AS "isExpired",
  (SELECT max(attempt) FROM order_items WHERE order_id = orders.id) AS "itemAttempt",
  (SELECT coalesce(max(attempt), 0) FROM order_requests WHERE order_id = orders.id) AS "requestAttempt",
  (SELECT coalesce(max(attempt), 0) FROM order_requests AS request WHERE order_id = orders.id AND kind = 'retry'
   AND EXISTS (SELECT FROM order_items AS item WHERE item.order_id = orders.id AND item.index = ANY (request.indexes)
     AND item.attempt < request.attempt AND item.status <> 'completed')) AS "retryAttempt",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('index', index, 'batchSize', batch_size) ORDER BY index), '[]')
   FROM order_items WHERE order_id = orders.id AND status IN ('failed', 'cancelled')) AS "endedItems"
FROM orders WHERE tenant_id = $1 AND id = $2`;

export function createRetryReader({ pool }: { readonly pool: Pick<pg.ClientBase, "query"> }): RetryReader {
  return {
    async findRetryCandidate(tenantId, orderId) {
      const values = [tenantId, orderId];
      const { rows } = await pool.query<TracedOrderRow & Facts>({ name: "find-retry-candidate", text, values });
      const [row] = rows;
      if (!row) return undefined;
      const { isExpired, itemAttempt, requestAttempt, retryAttempt, endedItems, ...order } = row;
      return { order, isExpired, itemAttempt, requestAttempt, retryAttempt, endedItems };
    },
  };
}
