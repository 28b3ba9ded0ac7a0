/** The orders that have not ended, as Postgres knows them. Reads only. */
import { orderCreated, type PayloadOf } from "@tirage/contracts";
import type pg from "pg";
import type { OpenItem } from "../domain/find-missing-items.ts";
import type { DispatchedItem } from "../domain/ranges.ts";
import type { OpenOrderReads, OpenOrders, OrderToReconcile, UnheardRequest } from "../ports.ts";

/** Everything is looked up by key or by the index of the open orders; a plan of empty tables would scan them for ever. */
export const openOrdersSessionSettings = { enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off" };

/** Any number that no other part of Tirage locks. */
const reconcilerLock = 7_215_001;
/** One sweep looks at the oldest of them; every order ends, so the others' time comes. */
const ordersOfOneSweep = 5_000;
const itemsOfOneSweep = 20_000;

const orderFields = `jsonb_strip_nulls(jsonb_build_object('orderId', orders.id, 'tenantId', orders.tenant_id,
  'provider', orders.provider, 'model', orders.model, 'modelVersion', orders.model_version, 'priority', orders.priority,
  'seed', orders.seed, 'shortfall', orders.shortfall,
  'plan', jsonb_build_object('generations', orders.generations, 'batchSize', orders.batch_size,
    'lastBatchSize', orders.last_batch_size, 'totalProducts', orders.products_requested),
  'startAt', to_char(orders.start_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'expiresAt', to_char(orders.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
  || jsonb_build_object('parameters', orders.parameters, 'prompt', orders.prompt) AS payload`;

/** What is under way for certain: just accepted, not announced yet, or about to be stopped by a request just made. */
const openOrdersSql = `
SELECT ${orderFields}, orders.items_pending = orders.items_total AND orders.start_at IS NOT NULL AS "isNotStarted",
  orders.created_at AS "createdAt"
FROM orders
WHERE orders.status IN ('pending', 'processing') AND orders.created_at < now() - interval '2 seconds'
  AND (orders.start_at IS NULL OR orders.start_at <= now())
  AND (orders.expires_at IS NULL OR orders.expires_at > now() OR orders.expires_at < now() - interval '10 seconds')
  AND orders.id NOT IN (SELECT unnest($1::uuid[]))
  AND NOT EXISTS (SELECT FROM outbox WHERE outbox.id = orders.id::text || ':created' AND outbox.published_at IS NULL)
ORDER BY orders.created_at, orders.id LIMIT ${ordersOfOneSweep}`;

/** An item with a live lease is being run, whatever the queues say: its end is announced, or the lease ends. */
const openItemsSql = `
SELECT item.order_id AS "orderId", item.index, item.total_quantity AS "batchSize",
  greatest(item.attempt, (SELECT max(call.attempt) FROM provider_calls AS call WHERE call.item_id = item.id)) AS attempt,
  coalesce((SELECT max(request.attempt) FROM order_requests AS request WHERE request.order_id = item.order_id
    AND request.kind = 'retry' AND request.attempt <= item.attempt AND item.index = ANY (request.indexes)), 1) AS "firstAttempt"
FROM order_items AS item
WHERE item.order_id = ANY ($1::uuid[]) AND item.status IN ('pending', 'processing')
  AND item.created_at < now() - interval '2 seconds'
  AND NOT EXISTS (SELECT FROM provider_calls AS call WHERE call.item_id = item.id AND call.lease_until > now())
  AND NOT EXISTS (SELECT FROM order_requests AS request WHERE request.order_id = item.order_id
    AND request.kind = 'cancel' AND request.attempt >= item.attempt AND request.created_at > now() - interval '10 seconds')
ORDER BY item.order_id, item.index LIMIT ${itemsOfOneSweep}`;

const expiredSql = `
SELECT id AS "orderId" FROM orders
WHERE status IN ('pending', 'processing') AND expires_at <= now() ORDER BY created_at, id LIMIT 1000`;

/** A request older than this that has had no effect may have been lost with the broker's data. */
const unheardAfter = "5 seconds";
const requestsLivedAtMost = "3 days";

const unheardSql = `
SELECT request.order_id AS "orderId", request.kind, request.attempt, request.indexes
FROM order_requests AS request
WHERE request.created_at BETWEEN now() - interval '${requestsLivedAtMost}' AND now() - interval '${unheardAfter}'
  AND EXISTS (SELECT FROM order_items AS item WHERE item.order_id = request.order_id AND CASE request.kind
    WHEN 'cancel' THEN item.attempt <= request.attempt AND item.status IN ('pending', 'processing')
    ELSE item.attempt < request.attempt AND item.index = ANY (request.indexes) AND item.status IN ('failed', 'cancelled')
  END)
ORDER BY request.created_at LIMIT 1000`;

const uncountedSql = `
SELECT id AS "orderId" FROM orders
WHERE id = ANY ($1::uuid[]) AND status IN ('pending', 'processing') AND created_at < now() - interval '5 seconds'
  AND NOT EXISTS (SELECT FROM order_items AS item
    WHERE item.order_id = orders.id AND item.status IN ('pending', 'processing'))
ORDER BY created_at, id LIMIT 1000`;

const orderSql = `SELECT ${orderFields} FROM orders WHERE id = $1`;
const itemsSql = `
SELECT index, attempt, total_quantity AS "batchSize" FROM order_items WHERE order_id = $1 AND index = ANY ($2::int[])`;

const readOrderPayload = (payload: unknown): PayloadOf<typeof orderCreated> => orderCreated.read(payload);

function createReads(client: pg.ClientBase): OpenOrderReads {
  const orderIds = async (text: string, values: unknown[] = []) =>
    (await client.query<{ orderId: string }>({ text, values })).rows.map(({ orderId }) => orderId);
  return {
    async ordersWithoutEntry(orderIdsWithEntry) {
      type Row = Omit<OrderToReconcile, "order"> & { payload: unknown };
      const { rows } = await client.query<Row>({
        name: "open-orders",
        text: openOrdersSql,
        values: [orderIdsWithEntry],
      });
      return rows.map(({ payload, ...rest }) => ({ ...rest, order: readOrderPayload(payload) }));
    },
    async openItems(ids) {
      return (await client.query<OpenItem>({ name: "open-items", text: openItemsSql, values: [ids] })).rows;
    },
    expiredOrders: () => orderIds(expiredSql),
    uncountedOrders: (ids) => orderIds(uncountedSql, [ids]),
    unheardRequests: async () => (await client.query<UnheardRequest>({ text: unheardSql })).rows,
  };
}

export function createOpenOrders(pool: pg.Pool): OpenOrders {
  return {
    async exclusively(work) {
      const client = await pool.connect();
      let isBroken = true;
      try {
        const locked = await client.query<{ isOurs: boolean }>(
          `SELECT pg_try_advisory_lock(${reconcilerLock}) AS "isOurs"`,
        );
        if (locked.rows[0]?.isOurs !== true) {
          isBroken = false;
          return false;
        }
        try {
          await work(createReads(client));
        } finally {
          await client.query(`SELECT pg_advisory_unlock(${reconcilerLock})`);
          isBroken = false;
        }
        return true;
      } finally {
        // A connection that could not unlock is closed, and its lock ends with it.
        client.release(isBroken);
      }
    },
    async readOrder(orderId) {
      const { rows } = await pool.query<{ payload: unknown }>({
        name: "read-order",
        text: orderSql,
        values: [orderId],
      });
      return rows[0] && readOrderPayload(rows[0].payload);
    },
    async isDeleted(orderId) {
      const text = "SELECT FROM deleted_orders WHERE id = $1";
      return (await pool.query({ name: "is-deleted", text, values: [orderId] })).rowCount === 1;
    },
    async readItems(orderId, indexes) {
      const query = { name: "read-items", text: itemsSql, values: [orderId, indexes] };
      return (await pool.query<Required<Omit<DispatchedItem, "firstAttempt">>>(query)).rows;
    },
  };
}
