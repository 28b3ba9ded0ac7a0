import type { ConsumerDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";

/** Has the broker deliver nothing of this consumer to anyone until then; what is delivered already goes on. */
export async function pauseConsumer(broker: Broker, consumer: ConsumerDefinition, until: Date): Promise<void> {
  await broker[internals].manager.consumers.pause(consumer.stream.name, consumer.durable, until);
}
