/** The stream DEAD as operators use it: looked through, published again, or discarded. */
import { createHash } from "node:crypto";
import { JetStreamApiError, type StoredMsg } from "@nats-io/jetstream";
import {
  type DeadLetterView,
  deadLetter,
  envelopeHeaders,
  headerNames,
  type Message,
  streams,
  traceIdOf,
} from "@tirage/contracts";
import { z } from "zod";
import { type Broker, internals } from "./broker.ts";
import { withinTime } from "./broker-away.ts";
import { toNatsHeaders } from "./publish.ts";
import { keptBodyCharacters } from "./settle.ts";

/** `unavailable`: the broker did not answer; `not_replayable`: the original is not all there. */
export class DeadLetterError extends Error {
  readonly code: "unavailable" | "not_replayable";
  constructor(code: DeadLetterError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DeadLetterError";
    this.code = code;
  }
}

export interface DeadLetterPart {
  /** Newest first. */
  readonly letters: readonly DeadLetterView[];
  /** Where the next part begins; 0 when there is no more. */
  readonly nextSequence: number;
}

const answerTimeoutMs = 5_000;
/** Sequences asked for at once; those of removed messages answer nothing. */
const sequencesPerPart = 64;
const notFoundNumbers = new Set([10014, 10037, 10043, 10057, 10059]);
/** A subject that holds one message at most has one. */
const isQueuedAlready = (error: unknown) => error instanceof JetStreamApiError && error.code === 10077;
const advisorySubject = "$JS.EVENT.ADVISORY.";
const advisory = z.object({ stream: z.string(), consumer: z.string(), deliveries: z.int(), stream_seq: z.int() });

async function ask<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await withinTime(answer, answerTimeoutMs);
  } catch (error) {
    if (error instanceof JetStreamApiError && notFoundNumbers.has(error.code)) return undefined;
    throw new DeadLetterError("unavailable", "the broker does not answer", { cause: error });
  }
}

/** The order and item of a subject, such as work.fal.<order>.<index>. */
function concernsOf(subject: string): { orderId: string | null; index: number | null } {
  const tokens = subject.split(".");
  const at = tokens.findIndex((token) => z.uuid().safeParse(token).success);
  const next = at < 0 ? undefined : tokens[at + 1];
  return { orderId: tokens[at] ?? null, index: next !== undefined && /^\d{1,9}$/.test(next) ? Number(next) : null };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function viewOf(message: StoredMsg): DeadLetterView {
  const text = new TextDecoder().decode(message.data);
  const base = { id: String(message.seq), deadAt: message.time.toISOString() };
  const kept = deadLetter.schema.safeParse(readJson(text)).data;
  if (kept && !message.subject.startsWith(advisorySubject)) {
    const { code, reason, stream, durable, deliveryCount, body, bodyEncoding, headers } = kept;
    const subject = kept.originalSubject;
    const fields = { code, reason, stream, subject, durable, deliveryCount, body, bodyEncoding, headers };
    const traceId = traceIdOf(headers[headerNames.traceParent]);
    return { ...base, ...fields, ...concernsOf(subject), traceId };
  }
  const told = advisory.safeParse(readJson(text)).data;
  return {
    ...base,
    code: told ? "max_deliveries" : "unreadable",
    reason: told ? `message ${told.stream_seq} was delivered too often` : "the dead letter itself cannot be read",
    stream: told?.stream ?? streams.dead.name,
    subject: message.subject,
    durable: told?.consumer ?? "",
    deliveryCount: told?.deliveries ?? 0,
    body: text,
    bodyEncoding: "utf8",
    headers: {},
    ...concernsOf(message.subject),
    traceId: null,
  };
}

/** Undefined when there is none, or no longer. @throws DeadLetterError */
export async function readDeadLetter(broker: Broker, sequence: number): Promise<DeadLetterView | undefined> {
  const message = await ask(broker[internals].manager.streams.getMessage(streams.dead.name, { seq: sequence }));
  return message ? viewOf(message) : undefined;
}

/** The dead letters of a stretch of sequences that ends with `fromSequence`, or with the newest. @throws DeadLetterError */
export async function readDeadLetters(broker: Broker, fromSequence?: number): Promise<DeadLetterPart> {
  const info = await ask(broker[internals].manager.streams.info(streams.dead.name));
  if (!info || info.state.messages === 0) return { letters: [], nextSequence: 0 };
  const last = Math.min(fromSequence ?? info.state.last_seq, info.state.last_seq);
  const first = Math.max(info.state.first_seq, last - sequencesPerPart + 1);
  const sequences = Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => last - place);
  const letters = await Promise.all(sequences.map((sequence) => readDeadLetter(broker, sequence)));
  return {
    letters: letters.filter((letter) => letter !== undefined),
    nextSequence: first > info.state.first_seq ? first - 1 : 0,
  };
}

/** Removes it. False: it was gone. @throws DeadLetterError */
export async function discardDeadLetter(broker: Broker, id: string): Promise<boolean> {
  const isDeleted = await ask(broker[internals].manager.streams.deleteMessage(streams.dead.name, Number(id), false));
  return isDeleted ?? false;
}

interface Replay {
  readonly data: Uint8Array;
  readonly fields: Readonly<Record<string, string>>;
}

function originalOf({ id, deadAt, headers, body, bodyEncoding }: DeadLetterView): Replay {
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith("Nats-"));
  const originalId = headers[headerNames.messageId] ?? `dead:${id}`;
  // Sequences begin anew in a stream that was lost; the time does not.
  const messageId = `${originalId}:replay:${id}:${Date.parse(deadAt)}`;
  return {
    data: Buffer.from(body, bodyEncoding),
    fields: { ...Object.fromEntries(kept), [headerNames.messageId]: messageId },
  };
}

function correctionOf(letter: DeadLetterView, corrected: Message, ownSource: string): Replay {
  const { fields } = originalOf(letter);
  const data = Buffer.from(JSON.stringify(corrected.payload));
  const source = fields[headerNames.source] ?? ownSource;
  const time = fields[headerNames.time] ?? letter.deadAt;
  const messageId = `${fields[headerNames.messageId]}:corrected:${createHash("sha256").update(data).digest("hex")}`;
  const envelope = envelopeHeaders(corrected, { source, time });
  return { data, fields: { ...fields, ...envelope, [headerNames.messageId]: messageId } };
}

/**
 * Publishes the original again; removing the dead letter comes after it, so that cut off between the two neither is lost.
 * The id is the dead letter's own, so the broker does not take it for a repeat of the original, and publishing the letter
 * again, or by several at once, is storing it once. Later than the stream remembers ids, handlers answer a repeat from stored state. A
 * corrected message goes in the original's place, under its trace; each other payload has an id of its own, so who may
 * publish which is the caller's to decide.
 * @throws DeadLetterError
 */
export async function republishDeadLetter(broker: Broker, letter: DeadLetterView, corrected?: Message): Promise<void> {
  const { subject } = letter;
  if (subject.startsWith(advisorySubject) || letter.code === "unreadable") {
    throw new DeadLetterError("not_replayable", "it does not hold the original message");
  }
  if (!corrected && letter.body.length >= keptBodyCharacters) {
    throw new DeadLetterError("not_replayable", "only the beginning of the original body was kept");
  }
  const { jetstream, source } = broker[internals];
  const { data, fields } = corrected ? correctionOf(letter, corrected, source) : originalOf(letter);
  const publishing = jetstream.publish(subject, data, { headers: toNatsHeaders(fields), timeout: answerTimeoutMs });
  const stored = await ask(publishing).catch((error: DeadLetterError) => {
    if (!isQueuedAlready(error.cause)) throw error;
    throw new DeadLetterError("not_replayable", "the same work is queued already", { cause: error.cause });
  });
  if (!stored) throw new DeadLetterError("unavailable", "no stream took the message");
}
