import type { JsMsg } from "@nats-io/jetstream";
import type { ConsumerDefinition } from "@tirage/contracts";
import type { Broker } from "./broker.ts";
import type { PostponeError } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { publish } from "./publish.ts";
import { acknowledge, giveBack } from "./settle.ts";

/** Stores the message for later, then acknowledges; given back when the broker did not confirm that it is stored. */
export async function postpone(
  broker: Broker,
  message: JsMsg,
  consumer: ConsumerDefinition,
  { postponement, logger }: { postponement: PostponeError; logger: Logger },
): Promise<void> {
  const { code, delayMs, later, dueSubject } = postponement;
  try {
    await publish(broker, later, { schedule: { at: new Date(Date.now() + delayMs), target: dueSubject } });
  } catch (error) {
    logger.warn({ code, error: String(error) }, "message could not be postponed and is given back");
    giveBack(message, 1_000);
    return;
  }
  logger.info({ code, delayMs }, "message is postponed");
  await acknowledge(message, consumer, logger);
}
