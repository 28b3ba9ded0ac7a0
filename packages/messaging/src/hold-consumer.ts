/** A consumer's pause: the broker delivers nothing of it to anyone; what is delivered already goes on. */
import type { ConsumerDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";

const nanosecondsPerMs = 1_000_000;
/** What several replicas ask for at once is one pause. */
const sameMs = 5;

/** Until when the consumer is held; undefined when it delivers. By this machine's clock. */
export async function readHold(broker: Broker, { stream, durable }: ConsumerDefinition): Promise<Date | undefined> {
  const { paused, pause_remaining = 0 } = await broker[internals].manager.consumers.info(stream.name, durable);
  return paused ? new Date(Date.now() + pause_remaining / nanosecondsPerMs) : undefined;
}

/** Holds the consumer until then; one that is held for longer already stays so. */
export async function holdConsumer(broker: Broker, consumer: ConsumerDefinition, until: Date): Promise<void> {
  const held = await readHold(broker, consumer);
  if (held && held.getTime() + sameMs >= until.getTime()) return;
  await broker[internals].manager.consumers.pause(consumer.stream.name, consumer.durable, until);
}

/** Has the consumer deliver again, whoever held it. */
export async function resumeConsumer(broker: Broker, { stream, durable }: ConsumerDefinition): Promise<void> {
  await broker[internals].manager.consumers.resume(stream.name, durable);
}
