import type { ConsumerDefinition, Queue, StreamDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import { readOldestMessage } from "./oldest-message.ts";

const nanosecondsPerMs = 1_000_000;

export interface ConsumerDepth {
  /** Not yet delivered. */
  readonly pending: number;
  /** Delivered and not yet settled. */
  readonly unacknowledged: number;
  readonly redelivered: number;
  /** Nothing is delivered for this long; 0 when it is not paused. */
  readonly pausedForMs: number;
  /** Deliveries since the consumer was made; its growth is the consumer's rate. */
  readonly delivered: number;
  /** Everything up to this sequence of the stream is settled. */
  readonly settledSequence: number;
}

/** One consumer's depth, from the broker: 0.16 ms, so ask no more often than needed. */
export async function readConsumerDepth(broker: Broker, consumer: ConsumerDefinition): Promise<ConsumerDepth> {
  const info = await broker[internals].manager.consumers.info(consumer.stream.name, consumer.durable);
  return {
    pending: info.num_pending,
    unacknowledged: info.num_ack_pending,
    redelivered: info.num_redelivered,
    pausedForMs: info.paused ? (info.pause_remaining ?? 0) / nanosecondsPerMs : 0,
    delivered: info.delivered.consumer_seq,
    settledSequence: info.ack_floor.stream_seq,
  };
}

/** Of what the consumer has not settled: a stream that keeps what was read holds older messages, too. */
async function oldestAgeMs(
  broker: Broker,
  { stream, filterSubject }: ConsumerDefinition,
  { pending, unacknowledged, settledSequence }: ConsumerDepth,
): Promise<number | null> {
  if (pending + unacknowledged === 0) return null;
  const { manager } = broker[internals];
  const fromSequence = stream.retention === "workqueue" ? 1 : settledSequence + 1;
  const oldest = await readOldestMessage(manager, stream.name, { subjectFilter: filterSubject, fromSequence });
  return oldest ? Math.max(0, Date.now() - oldest.time.getTime()) : null;
}

/** A work queue as operators see it. `provider` labels it. */
export async function readQueue(
  broker: Broker,
  consumer: ConsumerDefinition,
  provider: string | null,
): Promise<Omit<Queue, "deliveredPerMinute">> {
  const depth = await readConsumerDepth(broker, consumer);
  return {
    name: consumer.durable,
    stream: consumer.stream.name,
    provider,
    depth: depth.pending,
    inFlight: depth.unacknowledged,
    redelivered: depth.redelivered,
    delivered: depth.delivered,
    pausedUntil: depth.pausedForMs > 0 ? new Date(Date.now() + depth.pausedForMs).toISOString() : null,
    oldestAgeMs: await oldestAgeMs(broker, consumer, depth),
  };
}

/**
 * The subjects that have messages in a stream, such as a provider's entries in the run queue. 10 ms at 10,000 of them:
 * never in a loop that dispatches.
 */
export async function listSubjects(
  broker: Broker,
  stream: StreamDefinition,
  subjectFilter: string,
): Promise<readonly string[]> {
  const info = await broker[internals].manager.streams.info(stream.name, { subjects_filter: subjectFilter });
  return Object.keys(info.state.subjects ?? {});
}
