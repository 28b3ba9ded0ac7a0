/** A process that stops hands back what it holds; however often that happens, it is no failed delivery. */
import { type Message, streams, workConsumer, workDueConsumer, workRequested } from "@tirage/contracts";
import { buildWorkRequested } from "@tirage/contracts/testing";
import { eventually, startTestNats } from "@tirage/testkit";
import { expect, test } from "vitest";
import {
  applyTopology,
  connectBroker,
  consume,
  defineHandler,
  HandBackError,
  listSubjects,
  publish,
  readDeadLetters,
} from "../src/index.ts";
import { silentLogger } from "../src/testing.ts";

const consumer = { ...workConsumer("fal", 5), deadLetterAfterDeliveries: 2 };

test("consume: a message whose handler is stopped more often than it may be delivered, is handled as a first delivery", async () => {
  await using nats = await startTestNats();
  await using broker = await connectBroker({ servers: [nats.url], service: "test", logger: silentLogger });
  await applyTopology(broker, [consumer, workDueConsumer]);
  const due = defineHandler({
    consumer: workDueConsumer,
    handle: async ({ payload }) => [workRequested.create(payload)],
  });
  await using _due = consume(broker, due, { slots: 5, ahead: false });
  const deliveries: { count: number; epoch: number }[] = [];
  const handler = defineHandler({
    consumer,
    handle({ payload: { epoch }, deliveryCount, signal }) {
      deliveries.push({ count: deliveryCount, epoch });
      return new Promise<never>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new HandBackError("stopping")), { once: true });
      });
    },
    handBack({ payload }) {
      const again: Message = workRequested.create({ ...payload, epoch: payload.epoch + 1 });
      return { later: { ...again, subject: again.subject.replace("work.", "later.") }, dueSubject: "due.fal.1.0" };
    },
  });
  await publish(broker, buildWorkRequested());

  for (let stops = 0; stops < 4; stops += 1) {
    await using _consumption = consume(broker, handler, { slots: 1, ahead: false });
    await eventually(() => deliveries.length === stops + 1);
  }

  expect(deliveries).toEqual([0, 1, 2, 3].map((epoch) => ({ count: 1, epoch })));
  expect((await readDeadLetters(broker)).letters).toEqual([]);
  await eventually(async () => (await listSubjects(broker, streams.work, ">")).length === 1);
}, 30_000);
