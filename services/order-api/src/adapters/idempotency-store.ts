import type pg from "pg";
import type { IdempotencyStore } from "../ports.ts";

/** What Idempotency-Keys stand for. Keys are taken by the orders' own statement, never here. */
export function createIdempotencyStore({ pool }: { readonly pool: pg.Pool }): IdempotencyStore {
  return {
    async find(tenantId, key) {
      const { rows } = await pool.query<{ fingerprint: string; response: unknown; orderId: string }>({
        name: "find-idempotency-key",
        text: `SELECT fingerprint, response, order_id AS "orderId" FROM idempotency_keys
               WHERE tenant_id = $1 AND key = $2 AND expires_at > now()`,
        values: [tenantId, key],
      });
      return rows[0];
    },
  };
}
