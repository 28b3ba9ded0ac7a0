/**
 * A stream that keeps one message per subject, used as a table: each subject is a key, its message the record, and the
 * sequence its version. Every change names the version it expects, so of two writers one wins and the other changes
 * nothing.
 */
import { JetStreamApiError, type StoredMsg } from "@nats-io/jetstream";
import { deadLetter, type Message, type MessageDefinition, type StreamDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import { isPublishError, publishFailureCodes } from "./errors.ts";
import { NewerVersionError, refuseNewerVersion } from "./newer-version.ts";
import { readOldestMessage } from "./oldest-message.ts";
import { publish } from "./publish.ts";
import { inTraceOf } from "./trace-context.ts";

export interface SubjectRecord<Payload> {
  readonly payload: Payload;
  /** The version: expected by `replace` and `remove`. */
  readonly sequence: number;
  /** Runs `work` in the trace that wrote the record, so that what follows from it belongs to the same trace. */
  inTrace<Result>(work: () => Result): Result;
}

export interface SubjectRecords<Name extends string, Payload> {
  /**
   * The record with the lowest sequence, at `fromSequence` or above, whose subject matches. Asks the stream's leader.
   * One that cannot be read is dead-lettered on the way, so that it does not keep those behind it waiting for ever. One
   * of a newer version is left for a newer reader.
   */
  oldest(subjectFilter: string, fromSequence?: number): Promise<SubjectRecord<Payload> | undefined>;
  /** Writes the first record of its subject; `false` when there is one already. */
  create(message: Message<Name, Payload>): Promise<boolean>;
  /** Replaces the record of this version and moves it to the tail; the new version, or undefined when it had changed. */
  replace(message: Message<Name, Payload>, sequence: number): Promise<number | undefined>;
  /** Removes the record of this version; `false` when it had changed. */
  remove(sequence: number): Promise<boolean>;
}

async function publishExpecting(broker: Broker, message: Message, sequence: number): Promise<number | undefined> {
  try {
    const receipt = await publish(broker, message, { expectedSubjectSequence: sequence });
    return receipt.duplicate ? undefined : receipt.sequence;
  } catch (error) {
    if (isPublishError(error, publishFailureCodes.wrongLastSequence)) return undefined;
    throw error;
  }
}

/** Half of a body limit: the dead letter carries the original and more. */
const keptBodyCharacters = 32 * 1024;

/** JetStream: the message to delete or get is not there. */
const notThereNumbers = new Set([10037, 10043, 10057]);

const headersOf = (stored: StoredMsg): Record<string, string> =>
  Object.fromEntries([...(stored.header ?? [])].map(([name, values]) => [name, values[0] ?? ""]));

function readRecord<Payload>(
  stored: StoredMsg,
  definition: MessageDefinition<string, Payload>,
): SubjectRecord<Payload> {
  const headers = headersOf(stored);
  refuseNewerVersion(headers["ce-type"] ?? "", { consumes: [definition] });
  const payload = definition.read(stored.json());
  return { payload, sequence: stored.seq, inTrace: (work) => inTraceOf(headers, work) };
}

/** Keeps a record that cannot be read in DEAD, for a person to look at. */
async function setAside(broker: Broker, stream: StreamDefinition, stored: StoredMsg, reason: string): Promise<void> {
  const { subject, seq } = stored;
  broker[internals].logger.error({ subject, sequence: seq, reason }, "record cannot be read and is dead-lettered");
  await publish(
    broker,
    deadLetter.create({
      originalSubject: subject,
      stream: stream.name,
      streamSequence: seq,
      durable: "by subject",
      deliveryCount: 1,
      code: "unreadable_record",
      reason: reason.slice(0, 2_000),
      headers: headersOf(stored),
      body: stored.string().slice(0, keptBodyCharacters),
      bodyEncoding: "utf8",
    }),
  );
}

export function createSubjectRecords<Name extends string, Payload>(
  broker: Broker,
  stream: StreamDefinition,
  definition: MessageDefinition<Name, Payload>,
): SubjectRecords<Name, Payload> {
  const { manager } = broker[internals];
  const remove = async (sequence: number) => {
    try {
      return await manager.streams.deleteMessage(stream.name, sequence, false);
    } catch (error) {
      if (error instanceof JetStreamApiError && notThereNumbers.has(error.code)) return false;
      throw error;
    }
  };
  return {
    async oldest(subjectFilter, fromSequence = 1) {
      for (let sequence = fromSequence; ; ) {
        const stored = await readOldestMessage(manager, stream.name, { subjectFilter, fromSequence: sequence });
        if (!stored) return undefined;
        try {
          return readRecord(stored, definition);
        } catch (error) {
          if (!(error instanceof NewerVersionError)) {
            await setAside(broker, stream, stored, String(error));
            await remove(stored.seq);
          }
          sequence = stored.seq + 1;
        }
      }
    },
    create: async (message) => (await publishExpecting(broker, message, 0)) !== undefined,
    replace: (message, sequence) => publishExpecting(broker, message, sequence),
    remove,
  };
}
