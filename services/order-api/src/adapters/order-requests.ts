/** What is asked of an order after it was placed: the request and the message that tells of it, in one statement. */
import { isTransientDatabaseError } from "@tirage/database";
import type pg from "pg";
import { ProblemError } from "../errors.ts";
import type { OrderRequests } from "../ports.ts";

/** The message goes where the request goes: one that was made before is not told again. */
const text = `
WITH inserted AS (
  INSERT INTO order_requests (order_id, kind, attempt, indexes) VALUES ($1, $2, $3, $4::int[])
  ON CONFLICT (order_id, kind, attempt) DO NOTHING
  RETURNING order_id
)
INSERT INTO outbox (id, subject, type, headers, body)
SELECT $5, $6, $7, $8::jsonb, $9 FROM inserted
RETURNING id`;

export function createOrderRequests({ pool }: { readonly pool: pg.Pool }): OrderRequests {
  return {
    async write({ orderId, kind, attempt, indexes = null, message: { id, subject, headers, body } }) {
      const type = headers["ce-type"] ?? "";
      const values = [orderId, kind, attempt, indexes, id, subject, type, JSON.stringify(headers), body];
      const query = { name: "write-order-request", text, values };
      const { rowCount } = await pool.query(query).catch((error: unknown) => {
        if (isOfMissingOrder(error)) throw new ProblemError("not-found", `there is no order ${orderId}`);
        if (!isTransientDatabaseError(error)) throw error;
        // Written before its answer was lost, it is found again and the relay publishes its message.
        return pool.query(query);
      });
      return rowCount === 1;
    },
  };
}

/** The order was deleted after it was read. */
const isOfMissingOrder = (error: unknown): boolean => (error as { code?: unknown }).code === "23503";
