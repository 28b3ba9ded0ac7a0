import { deadLetter } from "@tirage/contracts";
import type { LocalStack } from "@tirage/local-stack";
import { connectBroker, publish } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";

/** Tells two letters apart: the broker takes those of one place in a stream for one. */
let streamSequence = 0;

/** Quarantines the work message of an item as messaging does once it has given up on it. */
export async function buryWork(
  { natsUrl }: Pick<LocalStack, "natsUrl">,
  { orderId, index, reason }: { orderId: string; index: number; reason: string },
): Promise<void> {
  await using broker = await connectBroker({ servers: [natsUrl], service: "test", logger: silentLogger });
  streamSequence += 1;
  const originalSubject = `work.fal.${orderId}.${index}`;
  const original = { body: JSON.stringify({ orderId, index }), bodyEncoding: "utf8", headers: {} } as const;
  const where = { originalSubject, stream: "WORK", streamSequence, durable: "generator-work-fal" };
  await publish(broker, deadLetter.create({ ...where, ...original, deliveryCount: 5, code: "crash_loop", reason }));
}
