import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@tirage/messaging";
import type { RunQueue } from "./ports.ts";

const sweepEveryMs = 5_000;

/**
 * Gives every ring with entries a turn, at start and every five seconds. Needed only after a dispatcher died between
 * ending a turn and looking at the ring again; harmless at any other time.
 */
export function startTurnSweep(runQueue: RunQueue, logger: Logger): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const sweep = async () => {
    while (!signal.aborted) {
      try {
        for (const ring of await runQueue.ringsWithEntries()) await runQueue.ensureTurn(ring);
      } catch (error) {
        logger.debug({ error: String(error) }, "turns cannot be swept yet");
      }
      await delay(sweepEveryMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const sweeping = sweep();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await sweeping;
    },
  };
}
