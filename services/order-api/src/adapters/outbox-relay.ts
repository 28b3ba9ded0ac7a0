/**
 * The relay: publishes what the publisher could not, and removes what is no longer needed. Rows are claimed by lock and
 * never by an id cursor, since rows commit out of the sequence of their ids.
 */
import { setTimeout as delay } from "node:timers/promises";
import { type Broker, type EncodedMessage, type Logger, publishEncoded } from "@tirage/messaging";
import { failpoint } from "@tirage/service-kit/failpoint";
import type pg from "pg";
import { markPublishedText } from "./outbox-publisher.ts";

const relayEveryMs = 1_000;
const batchSize = 256;
const cleanEveryMs = 60_000;
const cleanBatchSize = 1_000;

/** Younger rows are the publisher's, which is at work on them. */
const claimText = `
SELECT id, subject, headers, body FROM outbox
WHERE published_at IS NULL AND created_at < now() - interval '2 seconds'
ORDER BY created_at LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`;

const cleanTexts = [
  `DELETE FROM outbox WHERE id IN
    (SELECT id FROM outbox WHERE published_at < now() - interval '1 hour' LIMIT ${cleanBatchSize})`,
  `DELETE FROM idempotency_keys WHERE (tenant_id, key) IN
    (SELECT tenant_id, key FROM idempotency_keys WHERE expires_at < now() LIMIT ${cleanBatchSize})`,
  // A submit's outcome is decided within UNKNOWN_GRACE_MS, which is a day at most.
  `DELETE FROM provider_callbacks WHERE nonce IN
    (SELECT nonce FROM provider_callbacks WHERE received_at < now() - interval '7 days' LIMIT ${cleanBatchSize})`,
  // The stream keeps dead letters for 30 days, and a request that has read one answers long before the next ten are over.
  `DELETE FROM dead_letter_replays WHERE (dead_at, sequence) IN
    (SELECT dead_at, sequence FROM dead_letter_replays WHERE dead_at < now() - interval '40 days' LIMIT ${cleanBatchSize})`,
];

export interface OutboxRelayOptions {
  readonly pool: pg.Pool;
  readonly broker: () => Broker | undefined;
  readonly logger: Logger;
  readonly onPublished: (count: number) => void;
}

/** Runs until disposed, through outages of broker and database. */
export function startOutboxRelay(options: OutboxRelayOptions): AsyncDisposable {
  const { logger } = options;
  const stopping = new AbortController();
  const repeat = async (everyMs: number, work: () => Promise<void>, complaint: string): Promise<void> => {
    while (!stopping.signal.aborted) {
      await work().catch((error: unknown) => logger.warn({ err: error }, complaint));
      await delay(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  };
  const relaying = repeat(relayEveryMs, () => relayAll(options, stopping.signal), "outbox could not be relayed");
  const cleaning = repeat(cleanEveryMs, () => clean(options.pool, stopping.signal), "outbox could not be cleaned");
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all([relaying, cleaning]);
    },
  };
}

async function relayAll(options: OutboxRelayOptions, signal: AbortSignal): Promise<void> {
  for (let left = true; left && !signal.aborted; ) {
    const broker = options.broker();
    if (!broker?.isConnected()) return;
    left = (await relayBatch(options, broker)) === batchSize;
  }
}

/** Publishes under the rows' locks, so that no other replica publishes them too. Answers how many were confirmed. */
async function relayBatch({ pool, logger, onPublished }: OutboxRelayOptions, broker: Broker): Promise<number> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query("BEGIN");
    const { rows } = await client.query<EncodedMessage>(claimText);
    const results = await Promise.allSettled(rows.map((row) => publishEncoded(broker, row)));
    await failpoint("after_publish_before_mark");
    const ids = rows.filter((_, position) => results[position]?.status === "fulfilled").map(({ id }) => id);
    if (ids.length > 0) await client.query(markPublishedText, [ids]);
    await client.query("COMMIT");
    if (ids.length > 0) {
      logger.info({ count: ids.length }, "outbox messages were relayed");
      onPublished(ids.length);
    }
    return ids.length;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw failure;
  } finally {
    // A connection that failed within a transaction is closed rather than cleaned.
    client.release(failure);
  }
}

async function clean(pool: pg.Pool, signal: AbortSignal): Promise<void> {
  for (const text of cleanTexts) {
    let removed = cleanBatchSize;
    while (removed === cleanBatchSize && !signal.aborted) removed = (await pool.query(text)).rowCount ?? 0;
  }
}

/** Messages that have not been published yet, from the partial index over them. */
export async function countUnpublished(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>("SELECT count(*) FROM outbox WHERE published_at IS NULL");
  return rows[0]?.count ?? 0;
}
