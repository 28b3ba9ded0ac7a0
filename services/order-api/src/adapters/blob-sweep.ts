/** Removes the blobs of deleted orders. The rows say what is left to do, so any replica goes on where one ended. */
import type { BlobStore } from "@tirage/blob-store";
import type { Logger } from "@tirage/messaging";
import { failpoint } from "@tirage/service-kit/failpoint";
import type pg from "pg";
import { createBell } from "./bell.ts";
import { thumbnailKeyOf } from "./thumbnail-store.ts";

const sweepEveryMs = 30_000;
const ordersAtOnce = 100;
const productsAtOnce = 8;

const unsweptText = `
SELECT id, storage_keys AS keys FROM deleted_orders WHERE storage_keys <> '{}' ORDER BY deleted_at LIMIT ${ordersAtOnce}`;

/** Keys that came meanwhile stay for the next sweep. */
const sweptText = `
UPDATE deleted_orders SET storage_keys = ARRAY(SELECT unnest(storage_keys) EXCEPT SELECT unnest($2::text[]))
WHERE id = $1`;

interface UnsweptRow {
  readonly id: string;
  readonly keys: string[];
}

interface SweepOptions {
  readonly pool: pg.Pool;
  readonly blobs: Pick<BlobStore, "delete">;
  readonly logger: Logger;
}

export interface BlobSweep extends AsyncDisposable {
  /** There is something to remove. */
  sweepSoon(): void;
}

/** Runs until disposed, through outages of database and store. */
export function startBlobSweep(options: SweepOptions): BlobSweep {
  const stopping = new AbortController();
  const bell = createBell();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const isMoreToDo = await sweep(options, stopping.signal).catch((error: unknown) => {
        options.logger.warn({ err: error }, "blobs of deleted orders are left for later");
        return false;
      });
      if (!isMoreToDo && !stopping.signal.aborted) await bell.wait(sweepEveryMs);
    }
  };
  const running = run();
  return {
    sweepSoon: bell.ring,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      bell.ring();
      await running;
    },
  };
}

/** @returns whether there is more to do at once. What cannot be removed keeps no other order's blobs from being. */
async function sweep({ pool, blobs, logger }: SweepOptions, signal: AbortSignal): Promise<boolean> {
  const { rows } = await pool.query<UnsweptRow>(unsweptText);
  let left = 0;
  for (const { id: orderId, keys } of rows) {
    await failpoint("after_delete_before_blobs");
    try {
      if (!(await removeBlobs(blobs, keys, signal))) return false;
      await pool.query(sweptText, [orderId, keys]);
      logger.info({ orderId, products: keys.length }, "blobs of a deleted order are removed");
    } catch (error) {
      left += 1;
      logger.warn({ err: error, orderId }, "blobs of a deleted order are left for later");
    }
  }
  return left === 0 && rows.length === ordersAtOnce;
}

/** @returns false when it was stopped. */
async function removeBlobs(blobs: SweepOptions["blobs"], keys: readonly string[], signal: AbortSignal) {
  // The thumbnail last: whoever makes it meanwhile looks for the product once it is stored.
  const removeOne = async (key: string): Promise<void> => {
    await blobs.delete(key);
    await blobs.delete(thumbnailKeyOf(key));
  };
  for (let from = 0; from < keys.length; from += productsAtOnce) {
    if (signal.aborted) return false;
    await Promise.all(keys.slice(from, from + productsAtOnce).map(removeOne));
  }
  return true;
}
