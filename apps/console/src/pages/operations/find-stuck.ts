import type { Queue, Worker } from "@tirage/client";

/** Work that nobody takes, and what makes somebody take it. */
interface StuckHint {
  readonly waiting: number;
  readonly command: string;
}

/** Work waits and no worker is alive: nothing will move until one is started. */
export function findStuck(queues: readonly Queue[], workers: readonly Worker[]): StuckHint | undefined {
  if (workers.length > 0) return undefined;
  const waiting = queues
    .filter(({ provider }) => provider !== null)
    .reduce((sum, { depth, inFlight }) => sum + depth + inFlight, 0);
  return waiting > 0 ? { waiting, command: "npm start -- --generators 2" } : undefined;
}
