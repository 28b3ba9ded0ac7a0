/**
 * One delivery from arrival to settlement. The order is fixed and is the contract: count -> trace -> log -> parse ->
 * handle -> publish -> acknowledge. A result is confirmed by the broker before its message is acknowledged, so a crash
 * at any point repeats work and loses none.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { JsMsg } from "@nats-io/jetstream";
import type { ConsumerDefinition, Message } from "@tirage/contracts";
import type { Broker } from "./broker.ts";
import type { ReadEvent } from "./bundle.ts";
import type { Consumed, Delivery, Handler } from "./define-handler.ts";
import { DeliveryLogger } from "./delivery-logger.ts";
import { HandBackError, PostponeError, RetryLaterError, toError } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { postpone } from "./postpone.ts";
import { publishUntilConfirmed } from "./publish-until-confirmed.ts";
import { headerOf, readEvents } from "./read-delivery.ts";
import { decideOnFailure } from "./retry-policy.ts";
import { acknowledge, deadLetterMessage, giveBack } from "./settle.ts";
import { contextOf, inSpan, startDeliverySpan } from "./trace-context.ts";

export interface DeliveryRuntime<Consumer extends ConsumerDefinition> {
  readonly broker: Broker;
  readonly handler: Handler<Consumer>;
  readonly logger: Logger;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
  /** Publishes one result; bundled or alone. */
  publishOnce(message: Message): Promise<unknown>;
}

/** The ids by which one order's log lines are found across services. */
function loggedIds(event: ReadEvent | undefined): object {
  const { orderId, itemId } = (event?.payload ?? {}) as { orderId?: unknown; itemId?: unknown };
  return { orderId, itemId };
}

/** Runs the handler, again after each RetryLaterError, until it answers, fails, or the process stops. */
async function runHolding<Consumer extends ConsumerDefinition>(
  runtime: DeliveryRuntime<Consumer>,
  delivery: Delivery<Consumer>,
  logger: Logger,
): Promise<readonly Message[]> {
  for (;;) {
    try {
      return await runtime.handler.handle(delivery);
    } catch (error) {
      if (!(error instanceof RetryLaterError)) throw error;
      if (runtime.signal.aborted) throw new HandBackError("stopping while waiting to try again", { cause: error });
      logger.warn({ code: error.code, delayMs: error.delayMs, error: error.message }, "delivery is held");
      await delay(error.delayMs, undefined, { signal: runtime.signal }).catch(() => undefined);
    }
  }
}

/** Handles the event and confirms everything it announced and returned. */
async function handleAndPublish<Consumer extends ConsumerDefinition>(
  runtime: DeliveryRuntime<Consumer>,
  event: ReadEvent,
  { message, logger }: { message: JsMsg; logger: Logger },
): Promise<void> {
  const { signal } = runtime;
  const confirm = (result: Message) => publishUntilConfirmed(result, runtime.publishOnce, { signal, logger });
  const announced: Promise<void>[] = [];
  const delivery = {
    name: event.name,
    payload: event.payload,
    id: event.id,
    subject: message.subject,
    deliveryCount: message.info.deliveryCount,
    signal,
    logger,
    announce: (result: Message) => {
      const confirmed = confirm(result);
      confirmed.catch(() => undefined);
      announced.push(confirmed);
    },
  } as unknown as Delivery<Consumer>;
  const results = await runHolding(runtime, delivery, logger);
  await Promise.all(announced);
  await Promise.all(results.map(confirm));
}

/** Ends a message that cannot be handled, announcing what the handler says must still be told. */
async function abandon<Consumer extends ConsumerDefinition>(
  { broker, handler, signal, publishOnce }: DeliveryRuntime<Consumer>,
  message: JsMsg,
  { event, code, reason, logger }: { event: ReadEvent | undefined; code: string; reason: string; logger: Logger },
): Promise<void> {
  logger.error({ code, reason }, "message is dead-lettered");
  if (event && handler.abandon) {
    const consumed = { name: event.name, payload: event.payload } as Consumed<Consumer>;
    for (const result of await handler.abandon(consumed, { code, message: reason, signal, logger })) {
      await publishUntilConfirmed(result, publishOnce, { signal, logger });
    }
  }
  await deadLetterMessage(broker, message, handler.consumer, { code, reason });
}

/** Handles one delivery to its settlement. Never throws. */
export async function handleDelivery<Consumer extends ConsumerDefinition>(
  runtime: DeliveryRuntime<Consumer>,
  message: JsMsg,
): Promise<void> {
  const { consumer } = runtime.handler;
  const { deliveryCount } = message.info;
  let event: ReadEvent | undefined;
  const logger = new DeliveryLogger(runtime.logger, () => ({
    ...{ subject: message.subject, durable: consumer.durable, deliveryCount },
    ...loggedIds(event),
  }));
  try {
    if (deliveryCount > consumer.deadLetterAfterDeliveries) {
      [event] = readEvents(message, consumer);
      await abandon(runtime, message, { event, code: "crash_loop", reason: "delivered too often", logger });
      return;
    }
    [event] = readEvents(message, consumer);
    if (!event) return void message.ack();
    if (runtime.signal.aborted) throw new HandBackError("stopping before the message was begun");
    const read = event;
    const parent = contextOf(headerOf(message));
    const span = startDeliverySpan(parent, read.name, message.subject, consumer.durable);
    await inSpan(span, parent, () => handleAndPublish(runtime, read, { message, logger }));
    await acknowledge(message, consumer, logger);
  } catch (error) {
    await settleFailure(runtime, message, { event, error, logger }).catch((failure: unknown) => {
      logger.error({ error: String(failure) }, "failure could not be settled; the message will come again");
    });
  }
}

/**
 * What is handed back since the process stops is stored anew where the handler knows how: it is no failed delivery. What
 * is about to be given up is not begun anew.
 */
function postponementOf<Consumer extends ConsumerDefinition>(
  { handler, signal }: DeliveryRuntime<Consumer>,
  { info }: JsMsg,
  { event, error }: { event: ReadEvent | undefined; error: unknown },
): PostponeError | undefined {
  if (error instanceof PostponeError) return error;
  if (!(error instanceof HandBackError) || !signal.aborted || !event || !handler.handBack) return undefined;
  if (info.deliveryCount > handler.consumer.deadLetterAfterDeliveries) return undefined;
  const back = handler.handBack({ name: event.name, payload: event.payload } as Consumed<Consumer>);
  return new PostponeError("handed_back", error.message, { ...back, delayMs: 0 });
}

async function settleFailure<Consumer extends ConsumerDefinition>(
  runtime: DeliveryRuntime<Consumer>,
  message: JsMsg,
  { event, error, logger }: { event: ReadEvent | undefined; error: unknown; logger: Logger },
): Promise<void> {
  const postponement = postponementOf(runtime, message, { event, error });
  if (postponement) {
    await postpone(runtime.broker, message, runtime.handler.consumer, { postponement, logger });
    return;
  }
  const decision = decideOnFailure(error, {
    deliveryCount: message.info.deliveryCount,
    deadLetterAfterDeliveries: runtime.handler.consumer.deadLetterAfterDeliveries,
    random: Math.random(),
  });
  if (decision.kind === "dead-letter") {
    await abandon(runtime, message, { event, code: decision.code, reason: decision.reason, logger });
    return;
  }
  if (!(error instanceof HandBackError)) {
    const { message: reason, stack } = toError(error);
    logger.warn({ error: reason, stack, delayMs: decision.delayMs }, "handling failed; the message will come again");
  }
  giveBack(message, decision.delayMs);
}
