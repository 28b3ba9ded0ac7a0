import type { Message } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import { encodeMessage, toNatsHeaders } from "./publish.ts";

/**
 * Tells whoever listens now (`watchSubject`); no stream keeps it. Nothing is told while the broker is away: what comes
 * late would mislead. Never throws, and waits for nobody.
 */
export function broadcast(broker: Broker, message: Message): void {
  const { connection, source, logger } = broker[internals];
  if (!broker.isConnected()) return;
  try {
    const { subject, headers, body } = encodeMessage(message, source);
    connection.publish(subject, body, { headers: toNatsHeaders(headers) });
  } catch (error) {
    logger.debug({ subject: message.subject, error: String(error) }, "nobody was told; the connection is closing");
  }
}
