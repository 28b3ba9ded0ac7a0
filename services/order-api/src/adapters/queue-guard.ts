import type { Logger } from "@tirage/messaging";
import type pg from "pg";
import type { QueueGuard } from "../ports.ts";

const refreshEveryMs = 1_000;
/** Counting a long queue takes a while: never more than this share of the time. */
const busyShare = 0.05;

const pendingText = `
SELECT coalesce(sum(items_pending), 0)::bigint AS pending FROM orders WHERE status IN ('pending', 'processing')`;

/**
 * Knows roughly how many generations are pending: counted at most once a second and only while orders come, plus what
 * this replica has let in since. Rough is enough: the limit keeps the disk from filling, it is no quota.
 */
export function createQueueGuard({
  pool,
  limit,
  logger,
}: {
  readonly pool: pg.Pool;
  readonly limit: number;
  readonly logger: Logger;
}): QueueGuard {
  let pending = 0;
  let nextRefreshAt = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<void> | undefined;

  const refresh = async (): Promise<void> => {
    const startedAt = performance.now();
    const { rows } = await pool.query<{ pending: number }>({ name: "count-pending", text: pendingText });
    pending = rows[0]?.pending ?? 0;
    const tookMs = performance.now() - startedAt;
    nextRefreshAt = performance.now() + Math.max(refreshEveryMs, tookMs / busyShare);
  };
  const refreshOnce = (): Promise<void> => {
    refreshing ??= refresh()
      .catch((error: unknown) => {
        // Not knowing is no reason to refuse: writing the order will tell whether the database is there.
        logger.warn({ err: error }, "pending generations could not be counted");
        nextRefreshAt = performance.now() + refreshEveryMs;
      })
      .finally(() => {
        refreshing = undefined;
      });
    return refreshing;
  };

  return {
    limit,
    async hasRoomFor(generations) {
      const wasNeverCounted = nextRefreshAt === Number.NEGATIVE_INFINITY;
      if (performance.now() >= nextRefreshAt) {
        const refreshed = refreshOnce();
        // A full queue is counted again before it refuses; otherwise yesterday's count will do.
        if (wasNeverCounted || pending + generations > limit) await refreshed;
      }
      if (pending + generations > limit) return false;
      pending += generations;
      return true;
    },
  };
}
