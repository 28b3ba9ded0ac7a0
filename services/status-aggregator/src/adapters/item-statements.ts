/**
 * Items and products, a whole batch in one statement each. The orders of the items must be locked in the same
 * transaction: their lock is what keeps two aggregators from moving one item at the same time.
 */
import { type OrderRow, productIdOf } from "@tirage/contracts";
import type pg from "pg";
import type { ItemTransition } from "../domain/fold-item-events.ts";
import type { MadeTransition } from "../domain/order-state.ts";
import { plainArray } from "./array-literal.ts";
import { copyRows } from "./copy-rows.ts";

/**
 * An item takes a transition when it is of a higher attempt than the row knows, or of the row's attempt while that has
 * not ended; a completed one takes none, since its products are there and those of another attempt would stand in their
 * places. A transition that is not taken may still say when and under which request the attempt started, if the
 * row does not know. The row as it was is joined for what it said before.
 */
const moveItemsSql = `
WITH prior AS (
  SELECT event.*, item.status AS previous_status, item.produced AS previous_produced,
    event.attempt > item.attempt AS raises,
    event.attempt > item.attempt OR (item.status IN ('pending', 'processing') AND event.status <> item.status) AS moves
  FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::int[], $6::text[], $7::text[], $8::jsonb[],
      $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[])
    WITH ORDINALITY AS event(item_id, order_id, attempt, status, produced, worker_id, provider_request_id, error,
      started_at, finished_at, recovery, cancel_outcome, position)
  JOIN order_items AS item ON item.id = event.item_id AND item.order_id = event.order_id
    AND NOT (item.status = 'completed' AND event.attempt > item.attempt)
  WHERE event.attempt > item.attempt OR (event.attempt = item.attempt AND (
    (item.status IN ('pending', 'processing') AND event.status <> item.status)
    OR (item.started_at IS NULL AND event.started_at IS NOT NULL)
    OR (item.provider_request_id IS NULL AND event.provider_request_id IS NOT NULL)))
)
UPDATE order_items AS item SET
  attempt = prior.attempt,
  status = CASE WHEN moves THEN prior.status ELSE item.status END,
  produced = CASE WHEN moves THEN prior.produced ELSE item.produced END,
  batches_completed = CASE WHEN moves THEN (prior.status = 'completed')::int ELSE item.batches_completed END,
  worker_id = CASE WHEN moves THEN prior.worker_id ELSE item.worker_id END,
  error = CASE WHEN moves THEN prior.error ELSE item.error END,
  recovery = CASE WHEN moves THEN prior.recovery ELSE item.recovery END,
  cancel_outcome = CASE WHEN moves THEN prior.cancel_outcome ELSE item.cancel_outcome END,
  stored_at = CASE WHEN NOT moves THEN item.stored_at WHEN prior.status = 'completed' THEN prior.finished_at END,
  finished_at = CASE WHEN moves THEN prior.finished_at ELSE item.finished_at END,
  started_at = CASE WHEN raises THEN prior.started_at WHEN moves THEN coalesce(prior.started_at, item.started_at)
    ELSE coalesce(item.started_at, prior.started_at) END,
  provider_request_id = CASE WHEN raises THEN prior.provider_request_id
    WHEN moves THEN coalesce(prior.provider_request_id, item.provider_request_id)
    ELSE coalesce(item.provider_request_id, prior.provider_request_id) END
FROM prior
WHERE item.id = prior.item_id
RETURNING prior.position::int AS position, moves, prior.previous_status AS "previousStatus",
  prior.previous_produced AS "previousProduced"`;

interface MovedItem {
  /** From 1, of the transition in the batch. */
  readonly position: number;
  readonly moves: boolean;
  readonly previousStatus: MadeTransition["previousStatus"];
  readonly previousProduced: number;
}

/** Tries the transitions, at most one of each item, and tells which were made. */
export async function moveItems(
  client: pg.ClientBase,
  transitions: readonly ItemTransition[],
): Promise<MadeTransition[]> {
  const { rows } = await client.query<MovedItem>({
    name: "move-items",
    text: moveItemsSql,
    values: [
      plainArray(transitions.map(({ itemId }) => itemId)),
      plainArray(transitions.map(({ orderId }) => orderId)),
      plainArray(transitions.map(({ attempt }) => attempt)),
      plainArray(transitions.map(({ status }) => status)),
      plainArray(transitions.map(({ outputs }) => outputs.length)),
      transitions.map(({ workerId }) => workerId),
      transitions.map(({ providerRequestId }) => providerRequestId),
      transitions.map(({ error }) => error && JSON.stringify(error)),
      plainArray(transitions.map(({ startedAt }) => startedAt)),
      plainArray(transitions.map(({ finishedAt }) => finishedAt)),
      plainArray(transitions.map(({ recovery }) => recovery)),
      plainArray(transitions.map(({ cancelOutcome }) => cancelOutcome)),
    ],
  });
  return rows.flatMap(({ position, moves, previousStatus, previousProduced }) => {
    const transition = transitions[position - 1];
    return transition && moves ? [{ transition, previousStatus, previousProduced }] : [];
  });
}

const productColumns = `products (id, order_id, order_item_id, index, attempt, output_index, storage_key, content_type,
  bytes, width, height, sha256, seed, order_version)`;

/**
 * Stores the products of the given transitions, whose orders are locked. An item completes once, in the transaction that
 * stores its products, so none of them can be there already. Their place in the order leaves room for a full batch of
 * every item before. Their version is the one that the order gets in this transaction, or below it: streams of events go
 * on from it.
 */
export async function insertProducts(
  client: pg.ClientBase,
  made: readonly MadeTransition[],
  orderOf: (orderId: string) => Pick<OrderRow, "batchSize" | "version"> | undefined,
): Promise<void> {
  const rows = made.flatMap(({ transition: { orderId, itemId, index, attempt, outputs } }) => {
    const { batchSize = 1, version = 0 } = orderOf(orderId) ?? {};
    return outputs.map((output) => [
      productIdOf(itemId, attempt, output.index),
      orderId,
      itemId,
      index * batchSize + output.index,
      attempt,
      output.index,
      output.storageKey,
      output.contentType,
      output.bytes,
      output.width,
      output.height,
      output.sha256,
      output.seed,
      version + 1,
    ]);
  });
  if (rows.length > 0) await copyRows(client, productColumns, rows);
}
