import { deadLetter } from "@tirage/contracts";
import type { LocalStack } from "@tirage/local-stack";
import { connectBroker, publish } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";

/** Tells two letters apart: the broker takes those of one place in a stream for one. */
let streamSequence = 0;

interface BuriedWork {
  readonly orderId: string;
  readonly index: number;
  readonly reason: string;
  /** Of the original message. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Quarantines the work message of an item as messaging does once it has given up on it. */
export async function buryWork(
  { natsUrl }: Pick<LocalStack, "natsUrl">,
  { orderId, index, reason, headers = {} }: BuriedWork,
): Promise<void> {
  await using broker = await connectBroker({ servers: [natsUrl], service: "test", logger: silentLogger });
  streamSequence += 1;
  const originalSubject = `work.fal.${orderId}.${index}`;
  const original = { body: JSON.stringify({ orderId, index }), bodyEncoding: "utf8", headers } as const;
  const where = { originalSubject, stream: "WORK", streamSequence, durable: "generator-work-fal" };
  await publish(broker, deadLetter.create({ ...where, ...original, deliveryCount: 5, code: "crash_loop", reason }));
}

/** Quarantines a request to cancel an order that gives a reason nobody knows. */
export async function buryCancelRequest({ natsUrl }: Pick<LocalStack, "natsUrl">, orderId: string): Promise<void> {
  await using broker = await connectBroker({ servers: [natsUrl], service: "test", logger: silentLogger });
  streamSequence += 1;
  const durable = "generator-order-cancel-requested";
  const where = { originalSubject: `order.cancel_requested.${orderId}`, stream: "ORDERS", streamSequence, durable };
  const original = { body: JSON.stringify({ orderId, reason: "nobody" }), bodyEncoding: "utf8", headers: {} } as const;
  const why = { deliveryCount: 1, code: "malformed", reason: "reason is not one that is known" };
  await publish(broker, deadLetter.create({ ...where, ...original, ...why }));
}
