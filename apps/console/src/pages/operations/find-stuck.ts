import type { Queue, Worker } from "@tirage/client";

/** Work that nobody takes, and what makes somebody take it. */
export interface StuckHint {
  readonly depth: number;
  readonly command: string;
}

const workerService = "generator";

/** Work waits and no worker is alive: nothing will move until one is started. */
export function findStuck(queues: readonly Queue[], workers: readonly Worker[]): StuckHint | undefined {
  const depth = queues
    .filter(({ provider }) => provider !== null)
    .reduce((sum, queue) => sum + queue.depth + queue.inFlight, 0);
  if (depth === 0 || workers.some(({ service }) => service === workerService)) return undefined;
  return { depth, command: "npm start -- --generators 2" };
}
