/**
 * Batches without a timer: each batch is what arrived while the one before it was handled. Alone under light load, large
 * under heavy load, and only one at a time, so a transaction per batch never competes with its neighbour.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { JsMsg } from "@nats-io/jetstream";
import type { ConsumerDefinition, Message } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import type { ReadEvent, UnreadableEvent } from "./bundle.ts";
import type { Consumption } from "./consume.ts";
import type { BatchDelivery, BatchHandler } from "./define-handler.ts";
import { HandBackError, PermanentError, RetryLaterError, toError } from "./errors.ts";
import { createHeartbeats } from "./heartbeats.ts";
import type { Logger } from "./logger.ts";
import { NewerVersionError, newerVersionDelayMs, refuseNewerVersion } from "./newer-version.ts";
import { publish } from "./publish.ts";
import { publishUntilConfirmed } from "./publish-until-confirmed.ts";
import { keepPulling } from "./pull.ts";
import { headerOf, readDelivery } from "./read-delivery.ts";
import { type Decision, decideOnFailure } from "./retry-policy.ts";
import { acknowledge, deadLetterAlone, deadLetterEvent, deadLetterMessage, giveBack } from "./settle.ts";
import { startEventSpans } from "./trace-context.ts";

/** How long a bundle waits whose dead letter was not stored. */
const retryUnstoredMs = 1_000;

export interface ConsumeBatchesOptions {
  /** Events of one batch at most; a message is never split. */
  readonly maximumEvents: number;
  /** Messages fetched ahead. */
  readonly prefetch: number;
}

interface Arrived {
  readonly message: JsMsg;
  readonly events: readonly ReadEvent[];
}

interface BatchRuntime<Consumer extends ConsumerDefinition> {
  readonly broker: Broker;
  readonly handler: BatchHandler<Consumer>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Handles a batch, again after each RetryLaterError, and confirms what it returns. */
async function handleAndPublish<Consumer extends ConsumerDefinition>(
  { broker, handler, logger, signal }: BatchRuntime<Consumer>,
  batch: readonly Arrived[],
): Promise<void> {
  const events = batch.flatMap((arrived) => arrived.events);
  const deliveries = events as unknown as readonly BatchDelivery<Consumer>[];
  for (;;) {
    const endSpans = startEventSpans(events, handler.consumer.durable);
    try {
      const results: readonly Message[] = await handler.handle(deliveries);
      const publishOnce = (message: Message) => publish(broker, message);
      await Promise.all(results.map((result) => publishUntilConfirmed(result, publishOnce, { signal, logger })));
      return;
    } catch (error) {
      if (!(error instanceof RetryLaterError)) throw error;
      if (signal.aborted) throw new HandBackError("stopping while waiting to try again", { cause: error });
      logger.warn({ code: error.code, error: error.message, events: events.length }, "batch is held");
      await delay(error.delayMs, undefined, { signal }).catch(() => undefined);
    } finally {
      endSpans();
    }
  }
}

function decideAbout(message: JsMsg, { deadLetterAfterDeliveries }: ConsumerDefinition, error: unknown): Decision {
  const { deliveryCount } = message.info;
  return decideOnFailure(error, { deliveryCount, deadLetterAfterDeliveries, random: Math.random() });
}

async function settleAlone<Consumer extends ConsumerDefinition>(
  runtime: BatchRuntime<Consumer>,
  arrived: Arrived,
  error: unknown,
): Promise<void> {
  const { broker, handler, logger } = runtime;
  const { message, events } = arrived;
  const decision = decideAbout(message, handler.consumer, error);
  if (decision.kind === "dead-letter" && events.length > 1) return settleBundle(runtime, arrived);
  const fields = { subject: message.subject, deliveryCount: message.info.deliveryCount, error: toError(error).message };
  if (decision.kind === "dead-letter") {
    logger.error({ ...fields, code: decision.code }, "message is dead-lettered");
    await deadLetterMessage(broker, message, handler.consumer, decision);
    return;
  }
  if (!(error instanceof HandBackError)) logger.warn(fields, "handling failed; the message will come again");
  giveBack(message, decision.delayMs);
}

/** Settles a bundle at fault event by event, so that those at fault are dead-lettered and their neighbours count. */
async function settleBundle<Consumer extends ConsumerDefinition>(
  runtime: BatchRuntime<Consumer>,
  { message, events }: Arrived,
): Promise<void> {
  const { broker, handler, logger } = runtime;
  let comesAgainAfterMs: number | undefined;
  for (const event of events) {
    try {
      await handleAndPublish(runtime, [{ message, events: [event] }]);
    } catch (error) {
      if (error instanceof HandBackError) return giveBack(message, 0);
      const decision = decideAbout(message, handler.consumer, error);
      const fields = { subject: message.subject, eventId: event.id, error: toError(error).message };
      if (decision.kind === "give-back") {
        logger.warn(fields, "handling failed; the bundle will come again");
        comesAgainAfterMs = decision.delayMs;
        continue;
      }
      logger.error({ ...fields, code: decision.code }, "event of a bundle is dead-lettered");
      const isKept = await deadLetterEvent(broker, { message, event }, handler.consumer, decision);
      if (!isKept) comesAgainAfterMs = retryUnstoredMs;
    }
  }
  if (comesAgainAfterMs === undefined) await acknowledge(message, handler.consumer, logger);
  else giveBack(message, comesAgainAfterMs);
}

/** Settles a batch. One that fails is halved until the message at fault stands alone, so its neighbours go through. */
async function settleBatch<Consumer extends ConsumerDefinition>(
  runtime: BatchRuntime<Consumer>,
  batch: readonly Arrived[],
): Promise<void> {
  const [first] = batch;
  if (!first) return;
  try {
    await handleAndPublish(runtime, batch);
    for (const { message } of batch) await acknowledge(message, runtime.handler.consumer, runtime.logger);
  } catch (error) {
    if (error instanceof HandBackError) {
      for (const { message } of batch) giveBack(message, 0);
      return;
    }
    if (batch.length === 1) return settleAlone(runtime, first, error);
    const middle = Math.ceil(batch.length / 2);
    await settleBatch(runtime, batch.slice(0, middle));
    await settleBatch(runtime, batch.slice(middle));
  }
}

/** Takes messages off the queue until their events fill a batch. */
function takeBatch(queue: Arrived[], maximumEvents: number): Arrived[] {
  let events = 0;
  let count = 0;
  while (count < queue.length && (count === 0 || events < maximumEvents)) events += queue[count++]?.events.length ?? 0;
  return queue.splice(0, count);
}

/** Starts handling a consumer's messages in batches. The consumer must have been applied (`applyTopology`). */
export function consumeBatches<Consumer extends ConsumerDefinition>(
  broker: Broker,
  handler: BatchHandler<Consumer>,
  options: ConsumeBatchesOptions,
): Consumption {
  const { logger: brokerLogger } = broker[internals];
  const { consumer } = handler;
  const logger = brokerLogger.child({ durable: consumer.durable });
  const stopping = new AbortController();
  const heartbeats = createHeartbeats(consumer.acknowledgeWaitMs);
  const runtime = { broker, handler, logger, signal: stopping.signal };
  const queue: Arrived[] = [];
  let draining: Promise<void> | undefined;
  /** What cannot be read. */
  let settling = Promise.resolve();

  const drain = async () => {
    // The messages of one tick arrive together: letting them in first makes the batch they belong to.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const batch = takeBatch(queue, options.maximumEvents);
      if (stopping.signal.aborted) for (const { message } of batch) giveBack(message, 0);
      else await settleBatch(runtime, batch);
      for (const { message } of batch) heartbeats.remove(message);
    }
    draining = undefined;
  };
  const enqueue = (arrived: Arrived) => {
    queue.push(arrived);
    draining ??= drain();
  };
  /** Dead-letters what of a bundle cannot be read; the rest counts. */
  const partUnreadable = async (arrived: Arrived, unreadable: readonly UnreadableEvent[]): Promise<void> => {
    const { message } = arrived;
    let isKept = true;
    for (const { message: alone, reason } of unreadable) {
      logger.error({ subject: message.subject, eventId: alone.id, reason }, "event of a bundle is dead-lettered");
      isKept &&= await deadLetterAlone(broker, { message, alone }, consumer, { code: "malformed", reason });
    }
    if (isKept && arrived.events.length > 0) return enqueue(arrived);
    heartbeats.remove(message);
    if (isKept) await acknowledge(message, consumer, logger);
    else giveBack(message, retryUnstoredMs);
  };
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
      if (unreadable.length === 0) enqueue({ message, events });
      else settling = settling.then(() => partUnreadable({ message, events }, unreadable));
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
      await draining;
      heartbeats[Symbol.dispose]();
    },
  };
}
