/** Parsing at the door: what a message is, by its type, or why it cannot be read. */
import type { JsMsg } from "@nats-io/jetstream";
import { type ConsumerDefinition, itemBundle, readEnvelope } from "@tirage/contracts";
import { type ReadEvent, unbundle } from "./bundle.ts";
import { PermanentError, toError } from "./errors.ts";
import { NewerVersionError, refuseNewerVersion } from "./newer-version.ts";

export const headerOf = (message: JsMsg) => (name: string) => message.headers?.get(name) || undefined;

function readBody(message: JsMsg): unknown {
  try {
    return message.json();
  } catch (error) {
    throw new PermanentError("malformed", "the body is not JSON", { cause: error });
  }
}

/**
 * The events that a message carries: one, or those of a bundle.
 * @throws PermanentError `malformed` or `unknown_type`; NewerVersionError.
 */
export function readEvents(message: JsMsg, consumer: ConsumerDefinition): ReadEvent[] {
  try {
    const { id, type } = readEnvelope(headerOf(message));
    const definition = consumer.consumes.find((candidate) => candidate.type === type);
    refuseNewerVersion(type, consumer);
    if (!definition) throw new PermanentError("unknown_type", `${consumer.durable} does not know the type ${type}`);
    const body = readBody(message);
    if (definition.type === itemBundle.type) return unbundle(body);
    const traceparent = headerOf(message)("traceparent");
    return [{ id, name: definition.name, payload: definition.read(body), traceparent }];
  } catch (error) {
    if (error instanceof PermanentError || error instanceof NewerVersionError) throw error;
    throw new PermanentError("malformed", toError(error).message, { cause: error });
  }
}
