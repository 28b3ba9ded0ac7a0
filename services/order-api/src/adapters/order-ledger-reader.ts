/** Reads the pay-once ledger, which the generator writes. One look by key for each item of the order. */
import type { OrderLedger } from "@tirage/contracts";
import type pg from "pg";
import type { OrderLedgerReader } from "../ports.ts";

const text = `
SELECT orders.products_produced AS delivered,
  count(calls.request_id)::int AS accepted,
  coalesce(sum(coalesce(ended.charged, ended.produced)), 0)::int AS paid,
  (count(*) FILTER (WHERE ended.recovery = 'resubmitted'))::int AS "paidTwice",
  (count(*) FILTER (WHERE ended.error ->> 'code' = 'outcome_unknown'))::int AS unknown
FROM orders
LEFT JOIN order_items AS items ON items.order_id = orders.id
LEFT JOIN provider_calls AS calls ON calls.item_id = items.id
LEFT JOIN LATERAL jsonb_to_record(calls.result -> 'payload')
  AS ended (charged int, produced int, recovery text, error jsonb) ON true
WHERE orders.tenant_id = $1 AND orders.id = $2
GROUP BY orders.id`;

export function createOrderLedgerReader({ pool }: { readonly pool: pg.Pool }): OrderLedgerReader {
  return {
    async findLedger(tenantId, orderId) {
      const values = [tenantId, orderId];
      const { rows } = await pool.query<OrderLedger>({ name: "find-order-ledger", text, values });
      return rows[0];
    },
  };
}
