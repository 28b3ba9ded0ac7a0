/** Parsing at the door: what a message is, by its type, or why it cannot be read. */
import type { JsMsg } from "@nats-io/jetstream";
import { type ConsumerDefinition, itemBundle, readEnvelope } from "@tirage/contracts";
import { type ReadEvent, type UnreadableEvent, unbundle } from "./bundle.ts";
import { describeUnreadable } from "./describe-unreadable.ts";
import { PermanentError } from "./errors.ts";
import { NewerVersionError, refuseNewerVersion } from "./newer-version.ts";

export const headerOf = (message: JsMsg) => (name: string) => message.headers?.get(name) || undefined;

function readBody(message: JsMsg): unknown {
  try {
    return message.json();
  } catch (error) {
    throw new PermanentError("malformed", "the body is not JSON", { cause: error });
  }
}

export interface ReadDelivery {
  readonly events: ReadEvent[];
  /** Events of a bundle that are at fault, while their neighbours are not. */
  readonly unreadable: UnreadableEvent[];
}

/**
 * The one event of a message that is no bundle.
 * @throws PermanentError `malformed` or `unknown_type`; NewerVersionError.
 */
export function readEvents(message: JsMsg, consumer: ConsumerDefinition): ReadEvent[] {
  const { events, unreadable } = readDelivery(message, consumer);
  if (unreadable[0]) throw new PermanentError("malformed", unreadable[0].reason);
  return events;
}

/**
 * The events that a message carries: one, or those of a bundle.
 * @throws PermanentError `malformed` or `unknown_type`; NewerVersionError.
 */
export function readDelivery(message: JsMsg, consumer: ConsumerDefinition): ReadDelivery {
  let body: unknown;
  try {
    const { id, type } = readEnvelope(headerOf(message));
    const definition = consumer.consumes.find((candidate) => candidate.type === type);
    refuseNewerVersion(type, consumer);
    if (!definition) throw new PermanentError("unknown_type", `${consumer.durable} does not know the type ${type}`);
    body = readBody(message);
    if (definition.type === itemBundle.type) return unbundle(body);
    const traceparent = headerOf(message)("traceparent");
    return { events: [{ id, name: definition.name, payload: definition.read(body), traceparent }], unreadable: [] };
  } catch (error) {
    if (error instanceof PermanentError || error instanceof NewerVersionError) throw error;
    throw new PermanentError("malformed", describeUnreadable(error, body), { cause: error });
  }
}
