/** A bundle with an event that cannot be handled: its neighbours still count. */
import { deadLetter, itemEventsConsumer, streams } from "@tirage/contracts";
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
  listSubjects,
  PermanentError,
  readConsumerDepth,
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
