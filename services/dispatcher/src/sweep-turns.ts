import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@tirage/messaging";
import type { RunQueue } from "./ports.ts";

const sweepEveryMs = 5_000;

export interface TurnSweepOptions {
  readonly logger: Logger;
  /** Removes what is on a queue for ever, such as a turn that nobody is given. */
  readonly dropSettled: () => Promise<void>;
}

/**
 * Gives every ring with entries a turn, at start and every five seconds. Needed only after a dispatcher died between
 * ending a turn and looking at the ring again, or the broker was killed; harmless at any other time.
 */
export function startTurnSweep(runQueue: RunQueue, { logger, dropSettled }: TurnSweepOptions): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const sweep = async () => {
    while (!signal.aborted) {
      try {
        for (const ring of await runQueue.ringsWithEntries()) await runQueue.ensureTurn(ring);
        await dropSettled();
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
