/** For tests: hands one message to a handler as messaging would, without a broker. */
import type { ConsumerDefinition, Message } from "@tirage/contracts";
import type { BatchDelivery, BatchHandler, Delivery, Handler } from "./define-handler.ts";
import type { Logger } from "./logger.ts";

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};

/** Everything the handler announced and returned, in that order. */
export async function deliver<Consumer extends ConsumerDefinition>(
  handler: Handler<Consumer>,
  message: Message,
  { signal = new AbortController().signal, deliveryCount = 1 }: { signal?: AbortSignal; deliveryCount?: number } = {},
): Promise<Message[]> {
  const announced: Message[] = [];
  const delivery = {
    name: message.name,
    payload: message.payload,
    id: message.id,
    subject: message.subject,
    deliveryCount,
    signal,
    logger: silentLogger,
    announce: (fact: Message) => void announced.push(fact),
  } as unknown as Delivery<Consumer>;
  const returned = await handler.handle(delivery);
  return [...announced, ...returned];
}

export async function deliverBatch<Consumer extends ConsumerDefinition>(
  handler: BatchHandler<Consumer>,
  messages: readonly Message[],
): Promise<readonly Message[]> {
  return handler.handle(
    messages.map(({ name, payload, id }) => ({ name, payload, id })) as unknown as readonly BatchDelivery<Consumer>[],
  );
}
