import type { MessageDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";

/**
 * Listens to messages as they are published, without a consumer: nothing is kept for the listener, so what it hears is
 * a hint and Postgres the truth. Unreadable messages are passed over.
 * @returns what ends the listening.
 */
export function watchSubject<Payload>(
  broker: Broker,
  subjectFilter: string,
  definition: MessageDefinition<string, Payload>,
  listener: (payload: Payload) => void,
): Disposable {
  const { connection, logger } = broker[internals];
  const subscription = connection.subscribe(subjectFilter, {
    callback: (error, message) => {
      try {
        if (error) throw error;
        listener(definition.read(message.json()));
      } catch (failure) {
        logger.debug({ subject: message?.subject, error: String(failure) }, "heard a message that cannot be read");
      }
    },
  });
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
