/** What messaging promises, shown on a real server: order, redelivery, duplicates, poison, drain, broker restarts. */
import { orderCreatedConsumer, streams, turn, workConsumer } from "@tirage/contracts";
import { buildItemFailed, buildOrderCreated, buildWorkRequested, testOrderId } from "@tirage/contracts/testing";
import { eventually, startTestNats, type TestNats } from "@tirage/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { internals } from "../src/broker.ts";
import {
  applyTopology,
  type Broker,
  connectBroker,
  consume,
  createBundlingPublisher,
  createSubjectRecords,
  defineHandler,
  HandBackError,
  listSubjects,
  PermanentError,
  publish,
  RetryLaterError,
  readConsumerDepth,
} from "../src/index.ts";
import { silentLogger } from "../src/testing.ts";

let nats: TestNats;
let broker: Broker;
let resources: AsyncDisposableStack;

const shortWaitMs = 1_000;
const ordersConsumer = { ...orderCreatedConsumer, acknowledgeWaitMs: shortWaitMs, deadLetterAfterDeliveries: 3 };
const falConsumer = { ...workConsumer("fal", 4), acknowledgeWaitMs: shortWaitMs };

const connect = () => connectBroker({ servers: [nats.url], service: "conformance", logger: silentLogger });

beforeAll(async () => {
  nats = await startTestNats();
});
afterAll(() => nats[Symbol.asyncDispose]());

beforeEach(async () => {
  resources = new AsyncDisposableStack();
  broker = resources.use(await connect());
  await applyTopology(broker, [ordersConsumer, falConsumer]);
});

afterEach(async () => {
  await resources.disposeAsync();
  const cleaner = await connect();
  for (const { name } of Object.values(streams))
    await cleaner[internals].manager.streams.delete(name).catch(() => false);
  await cleaner[Symbol.asyncDispose]();
});

const countMessages = async (...where: Parameters<typeof listSubjects>) => (await listSubjects(...where)).length;

/** Consumes orders with `handle` and answers the ids it was given, in order. */
function consumeOrders(handle: (orderId: string, deliveryCount: number) => Promise<void> | void, slots = 1) {
  const seen: string[] = [];
  const handler = defineHandler({
    consumer: ordersConsumer,
    async handle({ payload, deliveryCount }) {
      seen.push(payload.orderId);
      await handle(payload.orderId, deliveryCount);
      return [];
    },
  });
  resources.use(consume(broker, handler, { slots, ahead: false }));
  return seen;
}

const orders = (count: number) =>
  Array.from({ length: count }, (_, position) => buildOrderCreated({ orderId: testOrderId(position + 1) }));

test("consume: messages of one subject filter with one slot, arrive in the order of publishing", async () => {
  const messages = orders(20);
  for (const message of messages) await publish(broker, message);
  const seen = consumeOrders(() => undefined);
  await eventually(() => seen.length === 20);
  expect(seen).toEqual(messages.map(({ payload }) => payload.orderId));
});

test("bundling: events of many bytes in few characters, are cut into messages that the broker takes", async () => {
  const publishBundled = createBundlingPublisher(broker, "worker-1");
  const error = { code: "provider_failed", message: "語".repeat(1_500), retryable: false };
  const events = Array.from({ length: 20 }, (_, index) => {
    const event = buildItemFailed({ index });
    return { ...event, payload: { ...event.payload, error } };
  });
  await Promise.all(events.map((event) => publishBundled(event)));
  const { state } = await broker[internals].manager.streams.info(streams.items.name);
  expect(state.messages).toBe(2);
});

test("publish: the same id twice, is stored once and the second is told to be a duplicate", async () => {
  const [message = buildOrderCreated()] = orders(1);
  expect((await publish(broker, message)).duplicate).toBe(false);
  expect((await publish(broker, message)).duplicate).toBe(true);
  const seen = consumeOrders(() => undefined);
  await eventually(async () => (await readConsumerDepth(broker, ordersConsumer)).pending === 0 && seen.length > 0);
  expect(seen).toHaveLength(1);
});

test("publish: a second message of an occupied work subject under another id, is refused as occupied", async () => {
  await publish(broker, buildWorkRequested());
  await expect(publish(broker, buildWorkRequested({ epoch: 1 }))).rejects.toMatchObject({ code: "subject_occupied" });
});

test("consume: a handler that throws once, gets the message again and its result is published once", async () => {
  await publish(broker, buildOrderCreated());
  const counts: number[] = [];
  const handler = defineHandler({
    consumer: ordersConsumer,
    async handle({ deliveryCount, payload }) {
      counts.push(deliveryCount);
      if (deliveryCount === 1) throw new Error("first time fails");
      const { provider, priority: lane, tenantId } = payload;
      return [turn.create({ provider, lane, tenantId, turnId: "1" })];
    },
  });
  resources.use(consume(broker, handler, { slots: 1, ahead: false }));
  await eventually(async () => (await countMessages(broker, streams.turn, "turn.>")) === 1);
  expect(counts).toEqual([1, 2]);
});

test("consume: a handler that outlasts the acknowledgement wait, keeps its message by heartbeats", async () => {
  await publish(broker, buildOrderCreated());
  const running = Promise.withResolvers<void>();
  const seen = consumeOrders(() => running.promise, 2);
  await eventually(() => seen.length === 1);
  // That nothing happens has no condition to await: two whole waits must pass without a second delivery.
  await new Promise((resolve) => setTimeout(resolve, 2.5 * shortWaitMs));
  running.resolve();
  await eventually(async () => (await readConsumerDepth(broker, ordersConsumer)).unacknowledged === 0);
  expect(seen).toHaveLength(1);
});

test("consume: a retry-later error, runs the handler again without a new delivery", async () => {
  await publish(broker, buildOrderCreated());
  const counts: number[] = [];
  consumeOrders((_, deliveryCount) => {
    counts.push(deliveryCount);
    if (counts.length < 5) throw new RetryLaterError("database_away", "not yet", { delayMs: 20 });
  });
  await eventually(() => counts.length === 5);
  expect(counts).toEqual([1, 1, 1, 1, 1]);
});

test("consume: a permanent error, dead-letters with the reason and goes on with the next message", async () => {
  const [bad, good] = orders(2);
  if (!bad || !good) throw new Error("two orders were built");
  await publish(broker, bad);
  await publish(broker, good);
  const seen = consumeOrders((orderId) => {
    if (orderId === bad.payload.orderId) throw new PermanentError("unreadable", "cannot be read");
  });
  await eventually(async () => (await countMessages(broker, streams.dead, `dead.${bad.subject}`)) === 1);
  await eventually(() => seen.includes(good.payload.orderId));
  await eventually(async () => (await readConsumerDepth(broker, ordersConsumer)).unacknowledged === 0);
});

test("fault 17: consume: a body that is not JSON, is dead-lettered before any handler sees it", async () => {
  const { connection } = broker[internals];
  connection.publish("order.created.not-json", "{");
  await publish(broker, buildOrderCreated());
  const seen = consumeOrders(() => undefined);
  await eventually(async () => (await countMessages(broker, streams.dead, "dead.order.created.not-json")) === 1);
  await eventually(() => seen.length === 1);
});

test("consume: a message that fails at every delivery, is dead-lettered after the last allowed one", async () => {
  await publish(broker, buildOrderCreated());
  const counts: number[] = [];
  consumeOrders((_, deliveryCount) => {
    counts.push(deliveryCount);
    throw new Error("always");
  });
  await eventually(async () => (await countMessages(broker, streams.dead, "dead.>")) === 1);
  expect(counts).toEqual([1, 2, 3]);
});

test("consume: work for a provider, never exceeds its concurrency over all replicas", async () => {
  for (let index = 0; index < 12; index++) await publish(broker, buildWorkRequested({ index }));
  let running = 0;
  let peak = 0;
  let finished = 0;
  const gate = Promise.withResolvers<void>();
  const handler = defineHandler({
    consumer: falConsumer,
    async handle() {
      running += 1;
      peak = Math.max(peak, running);
      await gate.promise;
      running -= 1;
      finished += 1;
      return [];
    },
  });
  const second = resources.use(await connect());
  resources.use(consume(broker, handler, { slots: 10, ahead: false }));
  resources.use(consume(second, handler, { slots: 10, ahead: false }));
  await eventually(async () => (await readConsumerDepth(broker, falConsumer)).unacknowledged === 4 && running === 4);
  gate.resolve();
  await eventually(() => finished === 12);
  expect(peak).toBe(4);
});

test("consumption: disposal while handlers run, waits for them and gives back what was not begun", async () => {
  for (let index = 0; index < 4; index++) await publish(broker, buildWorkRequested({ index }));
  const begun = Promise.withResolvers<void>();
  let completed = 0;
  const handler = defineHandler({
    consumer: falConsumer,
    async handle({ signal, payload }) {
      if (payload.index === 0) {
        begun.resolve();
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        completed += 1;
        return [];
      }
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      throw new HandBackError("stopping");
    },
  });
  const consumption = consume(broker, handler, { slots: 4, ahead: false });
  await begun.promise;
  await eventually(() => consumption.running === 4);
  await consumption[Symbol.asyncDispose]();
  expect(completed).toBe(1);
  expect(consumption.running).toBe(0);
  expect(await countMessages(broker, streams.work, "work.>")).toBe(3);
  const again: number[] = [];
  const second = defineHandler({
    consumer: falConsumer,
    async handle({ payload }) {
      again.push(payload.index);
      return [];
    },
  });
  resources.use(consume(broker, second, { slots: 4, ahead: false }));
  await eventually(() => again.length === 3);
  expect(again.toSorted()).toEqual([1, 2, 3]);
});

test("fault 20: broker killed and restarted: what was confirmed is still delivered, and consuming resumes by itself", async () => {
  const messages = orders(10);
  for (const message of messages) await publish(broker, message);
  await nats.kill9();
  await nats.restart();
  const seen = consumeOrders(() => undefined);
  await eventually(() => new Set(seen).size === 10, { timeoutMs: 30_000 });
  await publish(broker, buildOrderCreated({ orderId: testOrderId(11) }));
  await eventually(() => seen.includes(testOrderId(11)), { timeoutMs: 30_000 });
});

test("broker's data wiped under a running consumer: streams and consumers come back and messages flow", async () => {
  const seen = consumeOrders(() => undefined);
  await publish(broker, buildOrderCreated());
  await eventually(() => seen.length === 1);
  await nats.restart({ wipe: true });
  const next = buildOrderCreated({ orderId: testOrderId(2) });
  await eventually(() => publish(broker, next).then(() => true), { timeoutMs: 30_000 });
  await eventually(() => seen.includes(next.payload.orderId), { timeoutMs: 30_000 });
});

test("topology: a consumer that an operator changed, is corrected at the next apply", async () => {
  const { manager } = broker[internals];
  await manager.consumers.update("WORK", falConsumer.durable, { max_ack_pending: 99 });
  await applyTopology(broker, [{ ...falConsumer, maximumUnacknowledged: 7 }]);
  const info = await manager.consumers.info("WORK", falConsumer.durable);
  expect(info.config.max_ack_pending).toBe(7);
});

test("subject records: two writers of one version, one wins and the other changes nothing", async () => {
  const records = createSubjectRecords(broker, streams.turn, turn);
  const message = turn.create({ provider: "fal", lane: "standard", tenantId: "local", turnId: "1" });
  expect(await records.create(message)).toBe(true);
  const read = await records.oldest("turn.fal.>");
  if (!read) throw new Error("the record was just written");
  const outcomes = await Promise.all([
    records.replace({ ...message, id: "first" }, read.sequence),
    records.replace({ ...message, id: "second" }, read.sequence),
  ]);
  expect(outcomes.filter((sequence) => sequence === undefined)).toHaveLength(1);
  expect(await records.remove(read.sequence)).toBe(false);
  const moved = await records.oldest("turn.fal.>");
  expect(moved && (await records.remove(moved.sequence))).toBe(true);
  expect(await records.oldest("turn.fal.>")).toBeUndefined();
});

test("fault 45: subject records: one of a newer version, is stepped over and left for a newer reader", async () => {
  const records = createSubjectRecords(broker, streams.turn, turn);
  const known = turn.create({ provider: "fal", lane: "standard", tenantId: "known", turnId: "1" });
  const newer = { ...known, type: "tirage.turn.v2", subject: "turn.fal.standard.newer", id: "newer" };
  expect(await records.create(newer)).toBe(true);
  expect(await records.create(known)).toBe(true);

  const oldest = await records.oldest("turn.fal.>");

  expect(oldest?.payload).toEqual(known.payload);
  expect(await listSubjects(broker, streams.turn, "turn.>")).toContain(newer.subject);
});

test("fault 26: publish: the work queue is full, is refused without dropping what waits, and taken once there is room", async () => {
  const { manager } = broker[internals];
  await manager.streams.update("WORK", { max_msgs: 2 });
  const works = [0, 1, 2].map((index) => buildWorkRequested({ index }));
  const [first, second, third] = works;
  if (!first || !second || !third) throw new Error("three were asked for");
  await publish(broker, first);
  await publish(broker, second);

  await expect(publish(broker, third)).rejects.toMatchObject({ code: "refused" });
  expect(await listSubjects(broker, streams.work, "work.>")).toEqual([first.subject, second.subject]);
  const ran: number[] = [];
  const handler = defineHandler({
    consumer: falConsumer,
    async handle({ payload }) {
      ran.push(payload.index);
      return [];
    },
  });
  resources.use(consume(broker, handler, { slots: 1, ahead: false }));

  await eventually(() => publish(broker, third).then(() => true));
  await eventually(() => ran.length === works.length);
  expect(ran).toEqual([0, 1, 2]);
});
