/** How far a stream and its readers are: what tells a message that is on its way from one that is lost. */
import { JetStreamApiError } from "@nats-io/jetstream";
import type { ConsumerDefinition, StreamDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";

export interface StreamPosition {
  /** By the broker's clock. A stream made again is another stream, whatever its name. */
  readonly createdAt: Date;
  /** Of the newest message there ever was; never falls while the stream lives. */
  readonly lastSequence: number;
}

const notFoundNumbers = new Set([10014, 10059]);

/** What is found missing here is made again in the background; the question fails meanwhile. */
async function orRestore<Answer>(broker: Broker, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof JetStreamApiError && notFoundNumbers.has(error.code)) {
      broker[internals].topology.restore("a stream or a consumer was asked for and is missing");
    }
    throw error;
  }
}

export async function readStreamPosition(broker: Broker, { name }: StreamDefinition): Promise<StreamPosition> {
  const info = await orRestore(broker, broker[internals].manager.streams.info(name));
  return { createdAt: new Date(info.created), lastSequence: info.state.last_seq };
}

/**
 * All messages up to this sequence of the stream that concern the consumer are acknowledged. Infinity when none waits:
 * a filtered consumer's own floor stays behind messages that are not for it.
 */
export async function readAcknowledgedSequence(
  broker: Broker,
  { stream, durable }: ConsumerDefinition,
): Promise<number> {
  const info = await orRestore(broker, broker[internals].manager.consumers.info(stream.name, durable));
  const isIdle = info.num_pending === 0 && info.num_ack_pending === 0;
  return isIdle ? Number.POSITIVE_INFINITY : info.ack_floor.stream_seq;
}
