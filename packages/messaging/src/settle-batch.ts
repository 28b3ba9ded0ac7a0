/** The end of a batch: published and acknowledged, or parted until what is at fault stands alone. */
import { setTimeout as delay } from "node:timers/promises";
import type { JsMsg } from "@nats-io/jetstream";
import type { ConsumerDefinition, Message } from "@tirage/contracts";
import type { Broker } from "./broker.ts";
import type { ReadEvent } from "./bundle.ts";
import type { BatchDelivery, BatchHandler } from "./define-handler.ts";
import { HandBackError, RetryLaterError, toError } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { publish } from "./publish.ts";
import { publishUntilConfirmed } from "./publish-until-confirmed.ts";
import { type Decision, decideOnFailure } from "./retry-policy.ts";
import { acknowledge, deadLetterEvent, deadLetterMessage, giveBack } from "./settle.ts";
import { startEventSpans } from "./trace-context.ts";

/** How long a bundle waits whose dead letter was not stored. */
export const retryUnstoredMs = 1_000;

/** A message with the events of it that can be read. */
export interface Arrived {
  readonly message: JsMsg;
  readonly events: readonly ReadEvent[];
}

export interface BatchRuntime<Consumer extends ConsumerDefinition> {
  readonly broker: Broker;
  readonly handler: BatchHandler<Consumer>;
  readonly logger: Logger;
  /** Aborted when the process stops. */
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
export async function settleBatch<Consumer extends ConsumerDefinition>(
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
