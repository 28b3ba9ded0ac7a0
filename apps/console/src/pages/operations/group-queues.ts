import type { Queue } from "@tirage/client";

/** What belongs to one provider: the calls that wait for a worker, and the orders that wait for their turn. */
export interface ProviderQueues {
  readonly provider: string;
  /** Of the calls; undefined until a generator has made it. */
  readonly work: Queue | undefined;
  /** Of the orders. */
  readonly turns: Queue | undefined;
}

const runQueueStream = "DISPATCH";

/** The providers by name, and the queues that belong to none. */
export function groupQueues(queues: readonly Queue[]): {
  readonly providers: readonly ProviderQueues[];
  readonly others: readonly Queue[];
} {
  const names = new Set(queues.flatMap(({ provider }) => provider ?? []));
  const providers = [...names].sort().map((provider) => {
    const own = queues.filter((queue) => queue.provider === provider);
    return {
      provider,
      work: own.find(({ stream }) => stream !== runQueueStream),
      turns: own.find(({ stream }) => stream === runQueueStream),
    };
  });
  return { providers, others: queues.filter(({ provider }) => provider === null) };
}
