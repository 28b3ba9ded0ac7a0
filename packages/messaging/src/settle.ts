/** The end of a delivery: acknowledged, given back, or dead-lettered. Nothing else in messaging settles a message. */
import type { JsMsg } from "@nats-io/jetstream";
import { type ConsumerDefinition, deadLetter, type Message } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import type { ReadEvent } from "./bundle.ts";
import type { Logger } from "./logger.ts";
import { encodeMessage, publish } from "./publish.ts";

const confirmationTimeoutMs = 5_000;

/**
 * Acknowledges. A confirmation that does not come is logged and left: the message comes again, and every handler
 * answers a repeat from stored state.
 */
export async function acknowledge(message: JsMsg, consumer: ConsumerDefinition, logger: Logger): Promise<void> {
  if (consumer.acknowledge === "plain") {
    message.ack();
    return;
  }
  try {
    await message.ackAck({ timeout: confirmationTimeoutMs });
  } catch (error) {
    logger.warn({ error: String(error) }, "acknowledgement was not confirmed; the message will come again");
  }
}

export function giveBack(message: JsMsg, delayMs: number): void {
  message.nak(delayMs > 0 ? delayMs : undefined);
}

function bodyOf(message: JsMsg): { body: string; bodyEncoding: "utf8" | "base64" } {
  try {
    return { body: new TextDecoder("utf-8", { fatal: true }).decode(message.data), bodyEncoding: "utf8" };
  } catch {
    return { body: Buffer.from(message.data).toString("base64"), bodyEncoding: "base64" };
  }
}

/** Half of a body limit: the dead letter carries the original and more. */
export const keptBodyCharacters = 32 * 1024;

/**
 * Keeps the message with the reason in DEAD, then ends it. If DEAD does not take it, the message is given back: a
 * message is never dropped without a record.
 */
export async function deadLetterMessage(
  broker: Broker,
  message: JsMsg,
  consumer: ConsumerDefinition,
  { code, reason }: { code: string; reason: string },
): Promise<boolean> {
  const headers: Record<string, string> = {};
  for (const [name, values] of message.headers ?? []) headers[name] = values.join(",");
  const { body, bodyEncoding } = bodyOf(message);
  try {
    await publish(
      broker,
      deadLetter.create({
        originalSubject: message.subject,
        stream: consumer.stream.name,
        streamSequence: message.seq,
        durable: consumer.durable,
        deliveryCount: message.info.deliveryCount,
        code,
        reason: reason.slice(0, 2_000),
        headers,
        body: body.slice(0, keptBodyCharacters),
        bodyEncoding,
      }),
    );
  } catch (error) {
    broker[internals].logger.error(
      { subject: message.subject, error: String(error) },
      "dead letter was not stored; its message is given back",
    );
    giveBack(message, 1_000);
    return false;
  }
  message.term(code);
  return true;
}

/**
 * Keeps one event of a bundle with the reason in DEAD, as the message that it would be alone; the bundle is not settled.
 * Answers whether DEAD took it.
 */
export async function deadLetterEvent(
  broker: Broker,
  { message, event }: { message: JsMsg; event: ReadEvent },
  consumer: ConsumerDefinition,
  { code, reason }: { code: string; reason: string },
): Promise<boolean> {
  const definition = consumer.consumes.find(({ name }) => name === event.name);
  const alone = definition && { ...definition.create(event.payload as never), id: event.id };
  if (!alone) throw new Error(`${consumer.durable} does not know the name ${event.name}`);
  return deadLetterAlone(broker, { message, alone }, consumer, { code, reason });
}

/** Keeps a part of a message as the message that it would be alone. Answers whether DEAD took it. */
export async function deadLetterAlone(
  broker: Broker,
  { message, alone }: { message: JsMsg; alone: Message },
  consumer: ConsumerDefinition,
  { code, reason }: { code: string; reason: string },
): Promise<boolean> {
  try {
    const { subject, headers, body } = encodeMessage(alone, broker[internals].source);
    await publish(
      broker,
      deadLetter.create({
        originalSubject: subject,
        stream: consumer.stream.name,
        streamSequence: message.seq,
        durable: consumer.durable,
        deliveryCount: message.info.deliveryCount,
        code,
        reason: reason.slice(0, 2_000),
        headers: { ...headers },
        body: body.slice(0, keptBodyCharacters),
        bodyEncoding: "utf8",
        eventId: alone.id,
      }),
    );
    return true;
  } catch (error) {
    const fields = { subject: message.subject, eventId: alone.id, error: String(error) };
    broker[internals].logger.error(fields, "dead letter of an event was not stored");
    return false;
  }
}
