/** Publishes committed messages at once and marks their rows; whatever fails is left to the relay. */
import { type Broker, type EncodedMessage, type Logger, publishEncoded } from "@tirage/messaging";
import { failpoint } from "@tirage/service-kit/failpoint";
import type pg from "pg";
import type { OutboxPublisher } from "../ports.ts";

/** With more than this on their way the broker is not keeping up, and memory is no place to wait: the rows are. */
const maximumInFlight = 5_000;

export function createOutboxPublisher({
  pool,
  broker,
  logger,
  onPublished,
}: {
  readonly pool: pg.Pool;
  /** Undefined while there has been no connection yet. */
  readonly broker: () => Broker | undefined;
  readonly logger: Logger;
  readonly onPublished: (count: number) => void;
}): OutboxPublisher & { /** Resolves when nothing is on its way. */ idle(): Promise<void> } {
  let published: string[] = [];
  let marking: Promise<void> | undefined;
  const inFlight = new Set<Promise<void>>();

  const markAll = async (): Promise<void> => {
    while (published.length > 0) {
      const ids = published;
      published = [];
      try {
        await pool.query({ name: "mark-published", text: markPublishedText, values: [ids] });
        onPublished(ids.length);
      } catch (error) {
        // The relay publishes them once more, under the same ids.
        logger.warn({ err: error, count: ids.length }, "published messages could not be marked");
      }
    }
    // With the last look at the list, not a tick later: an id that came in between would wait for the next order.
    marking = undefined;
  };
  const markSoon = (id: string) => {
    published.push(id);
    marking ??= markAll();
  };
  const publishOne = async (to: Broker, message: EncodedMessage): Promise<void> => {
    try {
      await publishEncoded(to, message);
      await failpoint("after_publish_before_mark");
      markSoon(message.id);
    } catch (error) {
      logger.debug({ err: error, subject: message.subject }, "message is left to the relay");
    }
  };

  return {
    publishSoon(messages) {
      const to = broker();
      if (!to?.isConnected()) return;
      for (const message of messages) {
        if (inFlight.size >= maximumInFlight) return;
        const publishing = publishOne(to, message).finally(() => inFlight.delete(publishing));
        inFlight.add(publishing);
      }
    },
    async idle() {
      await Promise.all(inFlight);
      await marking;
    },
  };
}

export const markPublishedText =
  "UPDATE outbox SET published_at = now() WHERE id = ANY($1::text[]) AND published_at IS NULL";
