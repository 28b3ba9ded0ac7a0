/**
 * Batches without a timer: each batch is what arrived while the one before it was handled. Alone under light load, large
 * under heavy load, and only one at a time, so a transaction per batch never competes with its neighbour.
 */
import type { JsMsg } from "@nats-io/jetstream";
import type { ConsumerDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import type { UnreadableEvent } from "./bundle.ts";
import type { Consumption } from "./consume.ts";
import type { BatchHandler } from "./define-handler.ts";
import { PermanentError } from "./errors.ts";
import { createHeartbeats, type Heartbeats } from "./heartbeats.ts";
import { NewerVersionError, newerVersionDelayMs, refuseNewerVersion } from "./newer-version.ts";
import { keepPulling } from "./pull.ts";
import { headerOf, readDelivery } from "./read-delivery.ts";
import { acknowledge, deadLetterAlone, deadLetterMessage, giveBack } from "./settle.ts";
import { type Arrived, type BatchRuntime, retryUnstoredMs, settleBatch } from "./settle-batch.ts";

export interface ConsumeBatchesOptions {
  /** Events of one batch at most; a message is never split. */
  readonly maximumEvents: number;
  /** Messages fetched ahead. */
  readonly prefetch: number;
}

/** Takes messages off the queue until their events fill a batch. */
function takeBatch(queue: Arrived[], maximumEvents: number): Arrived[] {
  let events = 0;
  let count = 0;
  while (count < queue.length && (count === 0 || events < maximumEvents)) events += queue[count++]?.events.length ?? 0;
  return queue.splice(0, count);
}

interface BatchQueue {
  add(arrived: Arrived): void;
  /** Resolves once all that was added is settled. */
  idle(): Promise<void>;
}

/** Settles what is added, one batch after the other. */
function createBatchQueue<Consumer extends ConsumerDefinition>(
  runtime: BatchRuntime<Consumer>,
  heartbeats: Heartbeats,
  maximumEvents: number,
): BatchQueue {
  const queue: Arrived[] = [];
  let draining: Promise<void> | undefined;
  const drain = async () => {
    // The messages of one tick arrive together: letting them in first makes the batch they belong to.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const batch = takeBatch(queue, maximumEvents);
      if (runtime.signal.aborted) for (const { message } of batch) giveBack(message, 0);
      else await settleBatch(runtime, batch);
      for (const { message } of batch) heartbeats.remove(message);
    }
    draining = undefined;
  };
  return {
    add(arrived) {
      queue.push(arrived);
      draining ??= drain();
    },
    idle: async () => draining,
  };
}

/** Dead-letters what of a bundle cannot be read; the rest counts. */
async function partUnreadable<Consumer extends ConsumerDefinition>(
  { broker, handler, logger }: BatchRuntime<Consumer>,
  arrived: Arrived,
  {
    unreadable,
    heartbeats,
    queue,
  }: { unreadable: readonly UnreadableEvent[]; heartbeats: Heartbeats; queue: BatchQueue },
): Promise<void> {
  const { consumer } = handler;
  const { message, events } = arrived;
  for (const { message: alone, reason } of unreadable) {
    logger.error({ subject: message.subject, eventId: alone.id, reason }, "event of a bundle is dead-lettered");
    if (await deadLetterAlone(broker, { message, alone }, consumer, { code: "malformed", reason })) continue;
    heartbeats.remove(message);
    return giveBack(message, retryUnstoredMs);
  }
  if (events.length > 0) return queue.add(arrived);
  heartbeats.remove(message);
  await acknowledge(message, consumer, logger);
}

/** Starts handling a consumer's messages in batches. The consumer must have been applied (`applyTopology`). */
export function consumeBatches<Consumer extends ConsumerDefinition>(
  broker: Broker,
  handler: BatchHandler<Consumer>,
  options: ConsumeBatchesOptions,
): Consumption {
  const { consumer } = handler;
  const logger = broker[internals].logger.child({ durable: consumer.durable });
  const stopping = new AbortController();
  const heartbeats = createHeartbeats(consumer.acknowledgeWaitMs);
  const runtime = { broker, handler, logger, signal: stopping.signal };
  const queue = createBatchQueue(runtime, heartbeats, options.maximumEvents);
  /** What cannot be read. */
  let settling = Promise.resolve();

  const refuse = (message: JsMsg, error: PermanentError) => {
    logger.error({ subject: message.subject, code: error.code, reason: error.message }, "message is dead-lettered");
    const ended = deadLetterMessage(broker, message, consumer, { code: error.code, reason: error.message });
    settling = settling.then(() => ended).then(() => undefined);
  };
  const receive = (message: JsMsg) => {
    try {
      refuseNewerVersion(headerOf(message)("ce-type") ?? "", consumer);
      if (message.info.deliveryCount > consumer.deadLetterAfterDeliveries) {
        throw new PermanentError("crash_loop", "delivered too often");
      }
      const { events, unreadable } = readDelivery(message, consumer);
      heartbeats.add(message);
      const arrived = { message, events };
      if (unreadable.length === 0) queue.add(arrived);
      else settling = settling.then(() => partUnreadable(runtime, arrived, { unreadable, heartbeats, queue }));
    } catch (error) {
      if (error instanceof NewerVersionError) {
        logger.error({ subject: message.subject, reason: error.message }, "message of a newer version is given back");
        return giveBack(message, newerVersionDelayMs);
      }
      refuse(message, error as PermanentError);
    }
  };
  const demand = { kind: "ahead", messages: options.prefetch } as const;
  const pulling = keepPulling({ broker, consumer, demand, signal: stopping.signal, receive });
  return {
    get running() {
      return heartbeats.size;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await pulling;
      await settling;
      await queue.idle();
      heartbeats[Symbol.dispose]();
    },
  };
}
