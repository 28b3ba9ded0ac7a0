/**
 * A stream that keeps one message per subject, used as a table: each subject is a key, its message the record, and the
 * sequence its version. Every change names the version it expects, so of two writers one wins and the other changes
 * nothing.
 */
import { JetStreamApiError } from "@nats-io/jetstream";
import type { Message, MessageDefinition, StreamDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import { isPublishError, publishFailureCodes } from "./errors.ts";
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
  /** The record with the lowest sequence, at `fromSequence` or above, whose subject matches. Asks the stream's leader. */
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

/** JetStream: the message to delete or get is not there. */
const notThereNumbers = new Set([10037, 10043, 10057]);

export function createSubjectRecords<Name extends string, Payload>(
  broker: Broker,
  stream: StreamDefinition,
  definition: MessageDefinition<Name, Payload>,
): SubjectRecords<Name, Payload> {
  const { manager } = broker[internals];
  return {
    async oldest(subjectFilter, fromSequence = 1) {
      const stored = await readOldestMessage(manager, stream.name, { subjectFilter, fromSequence });
      if (!stored) return undefined;
      const headers: Record<string, string> = {};
      for (const [name, values] of stored.header ?? []) headers[name] = values[0] ?? "";
      const payload = definition.read(stored.json());
      return { payload, sequence: stored.seq, inTrace: (work) => inTraceOf(headers, work) };
    },
    create: async (message) => (await publishExpecting(broker, message, 0)) !== undefined,
    replace: (message, sequence) => publishExpecting(broker, message, sequence),
    async remove(sequence) {
      try {
        return await manager.streams.deleteMessage(stream.name, sequence, false);
      } catch (error) {
        if (error instanceof JetStreamApiError && notThereNumbers.has(error.code)) return false;
        throw error;
      }
    },
  };
}
