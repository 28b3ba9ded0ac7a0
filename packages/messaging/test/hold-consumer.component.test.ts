/** What replicas tell each other about a provider, and the pause of its consumer that says the same. */
import { gateChanged, workConsumer } from "@tirage/contracts";
import { buildWorkRequested } from "@tirage/contracts/testing";
import { eventually, startTestNats, type TestNats } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  applyTopology,
  type Broker,
  broadcast,
  connectBroker,
  consume,
  defineHandler,
  holdConsumer,
  publish,
  readHold,
  resumeConsumer,
  watchSubject,
} from "../src/index.ts";
import { silentLogger } from "../src/testing.ts";

const consumer = workConsumer("fal", 4);
const resources = new AsyncDisposableStack();
let nats: TestNats;
let broker: Broker;
const connect = () => connectBroker({ servers: [nats.url], service: "conformance", logger: silentLogger });

beforeAll(async () => {
  nats = resources.use(await startTestNats());
  broker = resources.use(await connect());
  await applyTopology(broker, [consumer]);
});
afterAll(() => resources.disposeAsync());

test("broadcast: two others listen, both hear it at once and nothing is kept", async () => {
  const heard: string[] = [];
  await using other = await connect();
  using _one = watchSubject(broker, "gate.fal", gateChanged, ({ change }) => heard.push(`one ${change}`));
  using _other = watchSubject(other, "gate.fal", gateChanged, ({ change }) => heard.push(`other ${change}`));
  await eventually(() => {
    broadcast(broker, gateChanged.create({ provider: "fal", change: "mended" }));
    return heard.length >= 2;
  });
  expect(new Set(heard)).toEqual(new Set(["one mended", "other mended"]));
});

test("holdConsumer: held for an hour, then for a second only, is held for the hour", async () => {
  const until = new Date(Date.now() + 3_600_000);
  await holdConsumer(broker, consumer, until);
  await holdConsumer(broker, consumer, new Date(Date.now() + 1_000));
  const held = await readHold(broker, consumer);
  expect(Math.abs((held?.getTime() ?? 0) - until.getTime())).toBeLessThan(1_000);
  await resumeConsumer(broker, consumer);
  expect(await readHold(broker, consumer)).toBeUndefined();
});

test("holdConsumer: held, delivers nothing until it is resumed", async () => {
  await holdConsumer(broker, consumer, new Date(Date.now() + 3_600_000));
  const seen: string[] = [];
  const handler = defineHandler({
    consumer,
    async handle({ payload }) {
      seen.push(payload.itemId);
      return [];
    },
  });
  await using _consumption = consume(broker, handler, { slots: 1, ahead: false });
  await publish(broker, buildWorkRequested());
  await publish(broker, buildWorkRequested({ index: 9 }));
  expect(seen).toEqual([]);
  await resumeConsumer(broker, consumer);
  await eventually(() => seen.length === 2, { timeoutMs: 15_000 });
});
