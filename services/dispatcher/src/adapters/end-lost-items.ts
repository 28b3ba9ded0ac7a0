/**
 * Ends in the ledger what was never submitted and is given up: the one thing that a dispatcher writes to Postgres. It is a
 * single statement, so a worker has either claimed before it and keeps the call, or finds the end when it claims.
 */
import { itemFailed, type MessageOf } from "@tirage/contracts";
import type pg from "pg";

export type LostItem = MessageOf<typeof itemFailed>;

/** $1 item ids, $2 attempts, $3 provider, $4 results. An open call with a recovery was submitted before it was reopened. */
const endLostSql = `
INSERT INTO provider_calls AS call (item_id, attempt, provider, nonce, state, result, finished_at)
SELECT lost.id, lost.attempt, $3, gen_random_uuid()::text, 'finished', lost.result, now()
  FROM unnest($1::uuid[], $2::int[], $4::jsonb[]) AS lost(id, attempt, result) ORDER BY lost.id, lost.attempt
ON CONFLICT (item_id, attempt) DO UPDATE SET
  state = 'finished', result = coalesce(call.result, excluded.result), lease_until = NULL,
  finished_at = coalesce(call.finished_at, now())
  WHERE (call.state = 'open' AND call.recovery IS NULL) OR (call.state = 'finished' AND call.result ->> 'type' = '${itemFailed.type}')
RETURNING result -> 'payload' AS payload`;

/**
 * The failures that the ledger holds of these items afterwards, an earlier one where it had ended before. Not among them:
 * what is submitted, may be, or has another attempt or products to announce.
 */
export async function endLostItems(
  pool: pg.Pool,
  provider: string,
  lost: readonly LostItem[],
): Promise<readonly LostItem[]> {
  const { rows } = await pool.query<{ payload: unknown }>({
    name: "end-lost-items",
    text: endLostSql,
    values: [
      lost.map(({ payload }) => payload.itemId),
      lost.map(({ payload }) => payload.attempt),
      provider,
      lost.map(({ type, payload }) => JSON.stringify({ type, payload })),
    ],
  });
  return rows.map(({ payload }) => itemFailed.create(itemFailed.read(payload)));
}
