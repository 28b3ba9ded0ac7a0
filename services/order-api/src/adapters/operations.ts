import {
  type ConsumerDefinition,
  itemEventsConsumer,
  orderCreatedConsumer,
  type Queue,
  streams,
  workConsumer,
} from "@tirage/contracts";
import { type Broker, listSubjects, readPresence, readQueue } from "@tirage/messaging";
import type { Operations } from "../ports.ts";

/** What operators ask of the broker. */
export function createOperations({
  broker,
  providerConcurrency,
}: {
  readonly broker: () => Broker | undefined;
  /** The enabled providers and how many calls each may run. */
  readonly providerConcurrency: Readonly<Record<string, number>>;
}): Operations {
  const connected = () => {
    const current = broker();
    return current?.isConnected() ? current : undefined;
  };
  return {
    isBrokerConnected: () => connected() !== undefined,
    async listWorkers() {
      const current = connected();
      if (!current) return undefined;
      const replicas = await readPresence(current);
      return replicas.filter(({ service }) => service === "generator");
    },
    async listQueues() {
      const current = connected();
      if (!current) return undefined;
      const queues = await Promise.all([
        readConsumerQueue(current, orderCreatedConsumer, null),
        readConsumerQueue(current, itemEventsConsumer, null),
        ...Object.entries(providerConcurrency).flatMap(([provider, concurrency]) => [
          readConsumerQueue(current, workConsumer(provider, concurrency), provider),
          readRunQueue(current, provider),
        ]),
      ]);
      return queues.filter((queue) => queue !== undefined);
    },
  };
}

/** JetStream's numbers for a stream and a consumer that do not exist. */
const notFoundCodes: readonly unknown[] = [10014, 10059];

/** Undefined while the consumer's service has never started. */
async function readConsumerQueue(
  broker: Broker,
  consumer: ConsumerDefinition,
  provider: string | null,
): Promise<Queue | undefined> {
  try {
    return await readQueue(broker, consumer, provider);
  } catch (error) {
    if (error instanceof Error && "code" in error && notFoundCodes.includes(error.code)) return undefined;
    throw error;
  }
}

/** Orders that wait for their next turn. */
async function readRunQueue(broker: Broker, provider: string): Promise<Queue> {
  const depth = (await listSubjects(broker, streams.dispatch, `dispatch.${provider}.>`)).length;
  const name = `dispatch-${provider}`;
  return { name, stream: streams.dispatch.name, provider, depth, inFlight: 0, redelivered: 0, oldestAgeMs: null };
}
