import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@tirage/messaging";
import type { Reconciler } from "./reconcile.ts";

/** After amnesia the sweeps that it takes to be sure follow at once. */
const soonMs = 200;
const sweepsSoon = 4;

/** Reconciles until disposed; disposing finishes the sweep under way. */
export function startReconciling(
  reconciler: Reconciler,
  { everyMs, logger }: { everyMs: number; logger: Logger },
): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    let soon = 0;
    while (!signal.aborted) {
      await delay(soon > 0 ? Math.min(soonMs, everyMs) : everyMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      soon = Math.max(0, soon - 1);
      try {
        if ((await reconciler.sweep()) === "amnesia") soon = sweepsSoon;
      } catch (error) {
        logger.warn({ error: String(error) }, "Postgres and the queues cannot be compared yet");
      }
    }
  };
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
