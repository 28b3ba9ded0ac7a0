import type { Supervised } from "./supervise.ts";

/** When a part stops: all of one rank together, a lower rank first, so that nobody loses what it still needs. */
export const stopRanks = { doors: 0, consumers: 1, sandbox: 2, broker: 3, database: 4 } as const;
type StopRank = (typeof stopRanks)[keyof typeof stopRanks];

/** Every process of one stack, in the order of its end. */
export interface StackParts {
  /** Starts a process as a part of the stack; from here on `stop` ends it, also while it is starting. */
  start(part: Supervised, rank: StopRank): Promise<Supervised>;
  /** Ends every part, rank by rank. Resolves when all are gone; may be called again. */
  stop(): Promise<void>;
}

export function createStackParts(): StackParts {
  const parts: { part: Supervised; rank: StopRank }[] = [];
  let isStopped = false;
  return {
    async start(part, rank) {
      if (isStopped) throw new Error(`${part.name} is not started: the stack is stopping`);
      parts.push({ part, rank });
      await part.start();
      return part;
    },
    async stop() {
      isStopped = true;
      for (const rank of Object.values(stopRanks)) {
        await Promise.all(parts.filter((entry) => entry.rank === rank).map(({ part }) => part.stop()));
      }
    },
  };
}
