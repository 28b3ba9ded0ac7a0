/** What is on the queues, and how far their streams and readers are. */
import {
  identifier,
  itemEventsConsumer,
  orderCreatedConsumer,
  orderRetryConsumer,
  orderTopUpConsumer,
  streams,
} from "@tirage/contracts";
import { type Broker, listSubjects, publish, readAcknowledgedSequence, readStreamPosition } from "@tirage/messaging";
import type { QueuePositions } from "../ports.ts";

/** What of ORDERS puts items on a queue. */
const orderConsumers = [orderCreatedConsumer, orderRetryConsumer("dispatcher"), orderTopUpConsumer];

/** `work.<provider>.<orderId>.<index>`, and so for `later` and `due`. */
function itemKeyOf(subject: string): string {
  const [, , orderId, index] = subject.split(".");
  return `${orderId}.${index}`;
}

export function createQueuePositions(broker: Broker): QueuePositions {
  return {
    async acknowledged() {
      const [items, ...orders] = await Promise.all(
        [itemEventsConsumer, ...orderConsumers].map((consumer) => readAcknowledgedSequence(broker, consumer)),
      );
      return { items: items ?? 0, orders: Math.min(...orders) };
    },
    async streams() {
      const [dispatch, work, items, orders] = await Promise.all(
        [streams.dispatch, streams.work, streams.items, streams.orders].map((stream) =>
          readStreamPosition(broker, stream),
        ),
      );
      if (!dispatch || !work || !items || !orders) throw new Error("four streams were asked for");
      return { dispatch, work, items, orders };
    },
    async ordersWithEntry() {
      const subjects = await listSubjects(broker, streams.dispatch, "dispatch.>");
      return subjects.map((subject) => subject.split(".")[4] ?? "").filter((id) => identifier.safeParse(id).success);
    },
    async queuedItems() {
      // In the order of the flow, and work once more after what was postponed: it returns there.
      const queued = new Set<string>();
      for (const stream of [streams.work, streams.later, streams.work]) {
        for (const subject of await listSubjects(broker, stream, ">")) queued.add(itemKeyOf(subject));
      }
      return queued;
    },
    announce: async (message) => void (await publish(broker, message)),
  };
}
