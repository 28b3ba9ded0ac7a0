import { type MsgHdrs, headers as natsHeaders } from "@nats-io/transport-node";
import { envelopeHeaders, type Message, maximumBodyBytes } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import { PublishError, publishFailureCodes } from "./errors.ts";
import type { PublishReceipt } from "./publish-window.ts";
import { traceHeaders } from "./trace-context.ts";

export interface PublishOptions {
  /**
   * Store only when the subject's last message still has this sequence (0: none); replaces it in a stream that keeps
   * one message per subject. Otherwise the publish fails with `wrong_last_sequence` and changes nothing.
   */
  readonly expectedSubjectSequence?: number;
  /** Keep the message until `at`, then move it to `target`, a subject of the same stream that allows schedules. */
  readonly schedule?: { readonly at: Date; readonly target: string };
}

/** A message as the outbox keeps it: encoded, with its envelope and trace context. */
export interface EncodedMessage {
  readonly id: string;
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Encodes a message under the active trace context. `source` is the sender, `/services/<name>`.
 * @throws PublishError `too_large` when the body exceeds 64 KiB.
 */
export function encodeMessage(message: Message, source: string): EncodedMessage {
  const body = JSON.stringify(message.payload);
  if (Buffer.byteLength(body) > maximumBodyBytes) {
    throw new PublishError(publishFailureCodes.tooLarge, `${message.name} ${message.id} exceeds 64 KiB`);
  }
  const headers = { ...envelopeHeaders(message, { source, time: new Date().toISOString() }), ...traceHeaders() };
  return { id: message.id, subject: message.subject, headers, body };
}

export function toNatsHeaders(fields: Readonly<Record<string, string>>): MsgHdrs {
  const result = natsHeaders();
  for (const name in fields) result.set(name, fields[name] as string);
  return result;
}

/** Publishes what was encoded before, such as an outbox row. Waits for the broker's confirmation. */
export function publishEncoded(
  broker: Broker,
  { subject, headers, body }: EncodedMessage,
  options: PublishOptions = {},
): Promise<PublishReceipt> {
  const { window, topology } = broker[internals];
  const natsHeaderFields = toNatsHeaders(headers);
  if (options.expectedSubjectSequence !== undefined) {
    natsHeaderFields.set("Nats-Expected-Last-Subject-Sequence", String(options.expectedSubjectSequence));
  }
  if (options.schedule) {
    natsHeaderFields.set("Nats-Schedule", `@at ${options.schedule.at.toISOString()}`);
    natsHeaderFields.set("Nats-Schedule-Target", options.schedule.target);
  }
  const published = window.publish(subject, body, natsHeaderFields);
  published.catch((error: unknown) => topology.suspect(error));
  return published;
}

/**
 * Publishes one message and waits for the broker's confirmation.
 * @throws PublishError
 */
export function publish(broker: Broker, message: Message, options: PublishOptions = {}): Promise<PublishReceipt> {
  return publishEncoded(broker, encodeMessage(message, broker[internals].source), options);
}
