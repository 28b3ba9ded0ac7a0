/**
 * The one statement that makes orders durable: idempotency keys, orders, items and outbox rows, of any number of
 * requests. Repeating it with the same orders changes nothing, so it may be repeated when its answer was lost.
 */
import type { NewItem, NewOrder } from "../domain/accept-order.ts";
import type { KeyClaim, OrderToWrite, Submission } from "../ports.ts";

/** Columns are written from here, so that name, type and value cannot drift apart. */
type Columns<Row> = readonly (readonly [name: string, type: string, value: (row: Row) => unknown])[];

const claimColumns: Columns<KeyClaim> = [
  ["tenant_id", "text", (claim) => claim.tenantId],
  ["key", "text", (claim) => claim.key],
  ["fingerprint", "text", (claim) => claim.fingerprint],
  ["response", "jsonb", (claim) => JSON.stringify(claim.response)],
  ["order_id", "uuid", (claim) => claim.orderId],
];

type OrderOfClaim = OrderToWrite & { readonly key: string | null };

const orderColumns: Columns<OrderOfClaim> = [
  ["id", "uuid", ({ order }) => order.orderId],
  ["tenant_id", "text", ({ order }) => order.tenantId],
  ["provider", "text", ({ order }) => order.request.provider],
  ["model", "text", ({ order }) => order.request.model],
  ["model_version", "text", ({ order }) => order.request.modelVersion ?? null],
  ["prompt", "text", ({ order }) => order.request.prompt],
  ["parameters", "jsonb", ({ order }) => JSON.stringify(order.request.parameters)],
  ["metadata", "jsonb", ({ order }) => JSON.stringify(order.request.metadata)],
  ["priority", "text", ({ order }) => order.request.priority],
  ["shortfall", "text", ({ order }) => order.request.shortfall],
  ["remainder", "text", ({ order }) => order.request.remainder],
  ["seed", "bigint", ({ order }) => order.seed],
  ["generations", "int", ({ order }) => order.plan.generations],
  ["batch_size", "int", ({ order }) => order.plan.batchSize],
  ["last_batch_size", "int", ({ order }) => order.plan.lastBatchSize],
  ["products_requested", "int", ({ order }) => order.plan.totalProducts],
  ["items_total", "int", ({ order }) => order.items.length],
  ["items_pending", "int", ({ order }) => order.items.length],
  ["created_at", "timestamptz", ({ order }) => order.createdAt.toISOString()],
  ["start_at", "timestamptz", ({ order }) => order.request.startAt ?? null],
  ["expires_at", "timestamptz", ({ order }) => order.request.expiresAt ?? null],
  ["trace_parent", "text", ({ message }) => message.headers.traceparent ?? null],
];
const outboxColumns: Columns<OrderToWrite> = [
  ["id", "text", ({ message }) => message.id],
  ["subject", "text", ({ message }) => message.subject],
  ["type", "text", ({ message }) => message.headers["ce-type"] ?? ""],
  ["headers", "jsonb", ({ message }) => JSON.stringify(message.headers)],
  ["body", "text", ({ message }) => message.body],
];

interface ItemOfOrder {
  readonly order: NewOrder;
  readonly item: NewItem;
}

const itemColumns: Columns<ItemOfOrder> = [
  ["id", "uuid", ({ item }) => item.id],
  ["order_id", "uuid", ({ order }) => order.orderId],
  ["index", "int", ({ item }) => item.index],
  ["total_quantity", "int", ({ item }) => item.batchSize],
  ["seed", "bigint", ({ item }) => item.seed],
];

/** Names of a table's columns, quoted: `key` and `index` are words of SQL. */
const names = <Row>(columns: Columns<Row>, prefix = ""): string =>
  columns.map(([name]) => `${prefix}"${name}"`).join(", ");

/** `$3::text[], $4::uuid[]`, from the given parameter on. */
const parameters = <Row>(columns: Columns<Row>, from: number): string =>
  columns.map(([, type], position) => `$${from + position}::${type}[]`).join(", ");

const claimsFrom = 1;
const orderKeyFrom = claimsFrom + claimColumns.length;
const ordersFrom = orderKeyFrom + 1;
const outboxFrom = ordersFrom + orderColumns.length;
const itemsFrom = outboxFrom + outboxColumns.length;

/** Keys live this long. */
const keyLifetime = "24 hours";

/**
 * A key that is taken keeps its request's orders out; everything after hangs on the orders that really went in. An
 * expired key is taken over.
 */
export const orderStatement = `
WITH claimed AS (
  INSERT INTO idempotency_keys AS existing (${names(claimColumns)}, status_code, expires_at)
  SELECT ${names(claimColumns)}, 201, now() + interval '${keyLifetime}'
  FROM unnest(${parameters(claimColumns, claimsFrom)}) AS claim(${names(claimColumns)})
  ON CONFLICT (tenant_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, response = excluded.response,
    order_id = excluded.order_id, status_code = 201, created_at = now(), expires_at = excluded.expires_at
  WHERE existing.expires_at <= now()
  RETURNING tenant_id, key
), inserted AS (
  INSERT INTO orders (${names(orderColumns)})
  SELECT ${names(orderColumns, "request.")}
  FROM unnest($${orderKeyFrom}::text[], ${parameters(orderColumns, ordersFrom)}) AS request(claim_key, ${names(orderColumns)})
  WHERE request.claim_key IS NULL
     OR (request.tenant_id, request.claim_key) IN (SELECT claimed.tenant_id, claimed.key FROM claimed)
  ON CONFLICT (id) DO NOTHING
  RETURNING id, created_at
), inserted_items AS (
  INSERT INTO order_items (${names(itemColumns)}, batch_size, created_at)
  SELECT ${names(itemColumns, "item.")}, item.total_quantity, inserted.created_at
  FROM unnest(${parameters(itemColumns, itemsFrom)}) AS item(${names(itemColumns)})
  JOIN inserted ON inserted.id = item.order_id
), announced AS (
  INSERT INTO outbox (${names(outboxColumns)})
  SELECT ${names(outboxColumns, "message.")}
  FROM unnest($${ordersFrom}::uuid[], ${parameters(outboxColumns, outboxFrom)}) AS message(order_id, ${names(outboxColumns)})
  JOIN inserted ON inserted.id = message.order_id
)
SELECT tenant_id AS "tenantId", key FROM claimed`;

/** A key that the statement took for its request. */
export interface ClaimedKey {
  readonly tenantId: string;
  readonly key: string;
}

const valuesOf = <Row>(columns: Columns<Row>, rows: readonly Row[]): unknown[][] =>
  columns.map(([, , value]) => rows.map(value));

/** Ids and numbers need no quoting, and thousands of them are cheaper joined than quoted one by one. */
const plainArrays = <Row>(columns: Columns<Row>, rows: readonly Row[]): string[] =>
  columns.map(([, , value]) => `{${rows.map(value).join(",")}}`);

/** The statement's parameters for these requests. */
export function orderStatementValues(submissions: readonly Submission[]): unknown[] {
  // Always in the same sequence: two statements that wait for each other's keys would be a deadlock.
  const claims = submissions
    .flatMap(({ claim }) => claim ?? [])
    .sort((one, other) => (one.tenantId + one.key < other.tenantId + other.key ? -1 : 1));
  const orders = submissions.flatMap(({ claim, orders }) =>
    orders.map((order) => ({ ...order, key: claim?.key ?? null })),
  );
  const items = orders.flatMap(({ order }) => order.items.map((item) => ({ order, item })));
  return [
    ...valuesOf(claimColumns, claims),
    orders.map(({ key }) => key),
    ...valuesOf(orderColumns, orders),
    ...valuesOf(outboxColumns, orders),
    ...plainArrays(itemColumns, items),
  ];
}
