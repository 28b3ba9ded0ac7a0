import type { ConsumerDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import { readOldestMessage } from "./oldest-message.ts";
import { readConsumerDepth } from "./queue-depths.ts";

/**
 * A broker that was killed may have kept messages of a work queue that their consumer had settled. Nobody is ever given
 * them, and each keeps the place of its subject, so that nothing new can take it. Answers a function that removes them,
 * to be called now and then: a message is removed that was settled at one call and is still there at the next.
 */
export function createDropSettled(broker: Broker, consumer: ConsumerDefinition): () => Promise<number> {
  const { manager, logger } = broker[internals];
  const { stream, durable, filterSubject } = consumer;
  let settledBefore = 0;
  return async () => {
    const { settledSequence } = await readConsumerDepth(broker, consumer);
    // Of a consumer that was made anew, what it had settled before says nothing.
    const settled = Math.min(settledBefore, settledSequence);
    settledBefore = settledSequence;
    for (let dropped = 0; ; dropped += 1) {
      const oldest = await readOldestMessage(manager, stream.name, { subjectFilter: filterSubject });
      if (!oldest || oldest.seq > settled) return dropped;
      logger.warn({ durable, subject: oldest.subject }, "a settled message was still there and is removed");
      await manager.streams.deleteMessage(stream.name, oldest.seq, false);
    }
  };
}
