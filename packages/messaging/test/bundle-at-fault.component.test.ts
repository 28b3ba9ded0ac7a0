/** A bundle with an event that cannot be handled: its neighbours still count. */
import { deadLetter, itemBundle, itemEventsConsumer, streams } from "@tirage/contracts";
import { buildItemFailed, testOrderId } from "@tirage/contracts/testing";
import { eventually, startTestNats } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { internals } from "../src/broker.ts";
import {
  applyTopology,
  type Broker,
  connectBroker,
  consumeBatches,
  createBundlingPublisher,
  defineBatchHandler,
  discardDeadLetter,
  listSubjects,
  PermanentError,
  publish,
  readConsumerDepth,
  readDeadLetters,
} from "../src/index.ts";
import { silentLogger } from "../src/testing.ts";

const resources = new AsyncDisposableStack();
let broker: Broker;

beforeAll(async () => {
  const nats = resources.use(await startTestNats());
  const options = { servers: [nats.url], service: "bundle-at-fault", logger: silentLogger };
  broker = resources.use(await connectBroker(options));
  await applyTopology(broker, [itemEventsConsumer]);
});
afterAll(() => resources.disposeAsync());

test("fault 17: consumeBatches: a bundle of which two events cannot be read, handles the third and dead-letters each of them", async () => {
  const [good, bad] = [21, 22].map((position) => buildItemFailed({ orderId: testOrderId(position) }));
  const events = [
    { id: "bad-1", type: String(bad?.type), data: { ...bad?.payload, attempt: "first" } as never },
    { id: String(good?.id), type: String(good?.type), data: good?.payload as never },
    { id: "bad-2", type: "tirage.item.imagined.v1", data: 7 },
  ];
  await publish(broker, itemBundle.create({ workerId: "worker-1", bundleId: "bundle-1", events }));
  const handled: string[] = [];
  const handler = defineBatchHandler({
    consumer: itemEventsConsumer,
    async handle(deliveries) {
      handled.push(...deliveries.map(({ id }) => id));
      return [];
    },
  });
  await using _consumption = consumeBatches(broker, handler, { maximumEvents: 10, prefetch: 10 });
  await eventually(async () => {
    const { pending, unacknowledged } = await readConsumerDepth(broker, itemEventsConsumer);
    return pending + unacknowledged === 0;
  });

  expect(handled).toEqual([good?.id]);
  const { letters } = await readDeadLetters(broker);
  expect(letters.map(({ subject, code, orderId }) => ({ subject, code, orderId })).toReversed()).toEqual([
    { subject: bad?.subject, code: "malformed", orderId: testOrderId(22) },
    { subject: "item.imagined.unreadable", code: "malformed", orderId: null },
  ]);
  expect(JSON.parse(String(letters.at(-1)?.body))).toMatchObject({ attempt: "first" });
  for (const { id } of letters) await discardDeadLetter(broker, id);
});

test("fault 17: consumeBatches: a bundle whose second event is at fault, handles the others and dead-letters that one", async () => {
  const publishBundled = createBundlingPublisher(broker, "worker-1");
  const messages = [1, 2, 3].map((position) => buildItemFailed({ orderId: testOrderId(position) }));
  const [, atFault] = messages;
  await Promise.all(messages.map((message) => publishBundled(message)));
  const handled = new Set<string>();
  const handler = defineBatchHandler({
    consumer: itemEventsConsumer,
    async handle(deliveries) {
      if (deliveries.some(({ id }) => id === atFault?.id)) throw new PermanentError("poison", "cannot be applied");
      for (const { id } of deliveries) handled.add(id);
      return [];
    },
  });
  await using _consumption = consumeBatches(broker, handler, { maximumEvents: 10, prefetch: 10 });

  const subject = await eventually(async () => (await listSubjects(broker, streams.dead, "dead.>"))[0]);
  await eventually(async () => {
    const { pending, unacknowledged } = await readConsumerDepth(broker, itemEventsConsumer);
    return pending + unacknowledged === 0;
  });

  expect([...handled]).toEqual(messages.filter((message) => message !== atFault).map(({ id }) => id));
  const stored = await broker[internals].manager.streams.getMessage(streams.dead.name, { last_by_subj: subject });
  expect(deadLetter.read(stored?.json())).toMatchObject({
    originalSubject: atFault?.subject,
    code: "poison",
    eventId: atFault?.id,
    headers: { "ce-type": atFault?.type, "ce-id": atFault?.id },
    body: JSON.stringify(atFault?.payload),
  });
});

test("fault 17: consumeBatches: a bundle with an event of a newer version, is given back whole", async () => {
  const good = buildItemFailed({ orderId: testOrderId(31) });
  const events = [
    { id: "newer", type: good.type.replace(/v1$/, "v2"), data: {} },
    { id: good.id, type: good.type, data: good.payload as never },
  ];
  await publish(broker, itemBundle.create({ workerId: "worker-1", bundleId: "bundle-2", events }));
  const handler = defineBatchHandler({ consumer: itemEventsConsumer, handle: async () => [] });
  {
    await using _consumption = consumeBatches(broker, handler, { maximumEvents: 10, prefetch: 10 });
    await eventually(async () => (await readConsumerDepth(broker, itemEventsConsumer)).unacknowledged === 1);
  }
  const { letters } = await readDeadLetters(broker);
  expect(letters.filter(({ code }) => code === "malformed")).toEqual([]);
});
