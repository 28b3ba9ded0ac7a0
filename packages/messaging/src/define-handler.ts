/**
 * A handler declares, through its consumer, what it consumes and publishes, and returns messages. It never sees the
 * broker: publishing, acknowledging, heartbeats, retries and dead letters are messaging's.
 */
import type { ConsumerDefinition, Message, MessageDefinition } from "@tirage/contracts";
import type { PostponeError } from "./errors.ts";
import type { Logger } from "./logger.ts";

/** The messages that a consumer's handlers may return: any of the definitions in its `publishes`. */
export type Publishable<Consumer extends ConsumerDefinition> = Consumer["publishes"][number] extends infer Definition
  ? Definition extends MessageDefinition<infer Name, infer Payload>
    ? Message<Name, Payload>
    : never
  : never;

/** What arrived, told apart by `name`. */
export type Consumed<Consumer extends ConsumerDefinition> = Consumer["consumes"][number] extends infer Definition
  ? Definition extends MessageDefinition<infer Name, infer Payload>
    ? { readonly name: Name; readonly payload: Payload }
    : never
  : never;

export type Delivery<Consumer extends ConsumerDefinition> = Consumed<Consumer> & DeliveryCircumstances<Consumer>;

export interface DeliveryCircumstances<Consumer extends ConsumerDefinition> {
  readonly id: string;
  readonly subject: string;
  /** 1 for the first delivery. */
  readonly deliveryCount: number;
  /** Aborted when the process stops: finish what must not be left, then throw HandBackError. */
  readonly signal: AbortSignal;
  /** Carries subject, durable, deliveryCount and the ids of order and item. */
  readonly logger: Logger;
  /** Publishes a fact before the handling ends, such as `item.started`; the acknowledgement waits for it too. */
  announce(message: Publishable<Consumer>): void;
}

export interface AbandonReason {
  readonly code: string;
  readonly message: string;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export interface Handler<Consumer extends ConsumerDefinition> {
  readonly consumer: Consumer;
  handle(delivery: Delivery<Consumer>): Promise<readonly Publishable<Consumer>[]>;
  /**
   * What to announce when a message is given up as dead, so that whatever waits for it still ends. It may throw a
   * HandBackError when the signal says that the process stops.
   */
  abandon?(
    consumed: Consumed<Consumer>,
    reason: AbandonReason,
  ): readonly Publishable<Consumer>[] | Promise<readonly Publishable<Consumer>[]>;
  /**
   * How the message comes back when the process stops. Without it the broker delivers it again, and counts that as it
   * counts deliveries to processes that crash.
   */
  handBack?(consumed: Consumed<Consumer>): Pick<PostponeError, "later" | "dueSubject">;
}

/** Handles many deliveries in one go; all are acknowledged together after the returned messages are confirmed. */
export interface BatchHandler<Consumer extends ConsumerDefinition> {
  readonly consumer: Consumer;
  handle(deliveries: readonly BatchDelivery<Consumer>[]): Promise<readonly Publishable<Consumer>[]>;
}

export type BatchDelivery<Consumer extends ConsumerDefinition> = Consumed<Consumer> & { readonly id: string };

export function defineHandler<Consumer extends ConsumerDefinition>(handler: Handler<Consumer>): Handler<Consumer> {
  return handler;
}

export function defineBatchHandler<Consumer extends ConsumerDefinition>(
  handler: BatchHandler<Consumer>,
): BatchHandler<Consumer> {
  return handler;
}
