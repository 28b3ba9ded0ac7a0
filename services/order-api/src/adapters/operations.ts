import {
  type ConsumerDefinition,
  type Gate,
  isPausedForGood,
  itemEventsConsumer,
  orderCreatedConsumer,
  type ProviderPause,
  pausedForGood,
  type Queue,
  streams,
  workConsumer,
} from "@tirage/contracts";
import { type Broker, listSubjects, readPresence, readQueue } from "@tirage/messaging";
import { showDrain } from "../domain/worker-drain.ts";
import type { Operations, WorkerDrains } from "../ports.ts";
import { createDeliveryRates, type DeliveryRates } from "./delivery-rates.ts";
import { orMissing } from "./missing-consumer.ts";

/** What operators ask of the broker. */
export function createOperations({
  broker,
  providerConcurrency,
  listPauses,
  listDrains,
}: {
  readonly broker: () => Broker | undefined;
  /** The enabled providers and how many calls each may run. */
  readonly providerConcurrency: Readonly<Record<string, number>>;
  readonly listPauses: () => Promise<readonly ProviderPause[]>;
  readonly listDrains: WorkerDrains["list"];
}): Operations {
  const connected = () => {
    const current = broker();
    return current?.isConnected() ? current : undefined;
  };
  const rates = createDeliveryRates();
  return {
    isBrokerConnected: () => connected() !== undefined,
    async listWorkers() {
      const current = connected();
      if (!current) return undefined;
      const replicas = await readPresence(current);
      const workers = replicas.filter(({ service }) => service === "generator");
      // With Postgres away the workers' own word is all there is; after the presence, which may be of an earlier wish.
      const wishes = await listDrains().catch(() => undefined);
      return wishes ? workers.map((worker) => showDrain(worker, wishes.get(worker.id))) : workers;
    },
    async listQueues() {
      const current = connected();
      if (!current) return undefined;
      const queues = await Promise.all([
        readConsumerQueue(current, rates, orderCreatedConsumer),
        readConsumerQueue(current, rates, itemEventsConsumer),
        ...Object.entries(providerConcurrency).flatMap(([provider, concurrency]) => [
          readConsumerQueue(current, rates, workConsumer(provider, concurrency), provider),
          readRunQueue(current, provider),
        ]),
      ]);
      const [replicas, pauses] = await Promise.all([
        readPresence(current),
        // With Postgres away the consumers' pauses still tell.
        listPauses().catch(() => []),
      ]);
      const gates = replicas.flatMap((replica) => replica.gates ?? []);
      return queues.filter((queue) => queue !== undefined).map((queue) => withGate(queue, gates, pauses));
    },
  };
}

/** From the one that a person must look at first. */
const gateStates: readonly Gate["state"][] = ["stopped", "paused", "probing", "open"];

/** A queue of work with who paused it, and the gate that a person should know of. */
function withGate(queue: Queue, gates: readonly Gate[], pauses: readonly ProviderPause[]): Queue {
  if (queue.provider === null || queue.stream !== streams.work.name) return queue;
  const [gate = null] = gates
    .filter(({ provider }) => provider === queue.provider)
    .toSorted((one, other) => gateStates.indexOf(one.state) - gateStates.indexOf(other.state));
  const isPersons =
    pauses.some(({ provider }) => provider === queue.provider) || isPausedForGood(new Date(queue.pausedUntil ?? 0));
  if (isPersons) return { ...queue, pausedUntil: pausedForGood.toISOString(), pausedBy: "person", gate };
  return { ...queue, pausedBy: queue.pausedUntil ? "gate" : null, gate };
}

/** Undefined while the consumer's service has never started. */
async function readConsumerQueue(
  broker: Broker,
  rates: DeliveryRates,
  consumer: ConsumerDefinition,
  provider: string | null = null,
): Promise<Queue | undefined> {
  const queue = await orMissing(readQueue(broker, consumer, provider));
  return queue && { ...queue, deliveredPerMinute: rates.note(queue.name, queue.delivered) };
}

/** Orders that wait for their next turn. */
async function readRunQueue(broker: Broker, provider: string): Promise<Queue> {
  const depth = (await listSubjects(broker, streams.dispatch, `dispatch.${provider}.>`)).length;
  const name = `dispatch-${provider}`;
  return {
    ...{ name, stream: streams.dispatch.name, provider, depth, inFlight: 0 },
    ...{ redelivered: 0, delivered: 0, deliveredPerMinute: null, oldestAgeMs: null },
  };
}
