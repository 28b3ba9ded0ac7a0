/** A replica that takes nothing new for a while, beside one that does, over a real broker. */
import { unbilledProvider, workConsumer } from "@tirage/contracts";
import { buildWorkRequested, testOrderId } from "@tirage/contracts/testing";
import { eventually, startTestNats } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyTopology, type Broker, connectBroker, consume, defineHandler, publish } from "../src/index.ts";
import { silentLogger } from "../src/testing.ts";

const resources = new AsyncDisposableStack();
let broker: Broker;
beforeAll(async () => {
  const nats = resources.use(await startTestNats());
  broker = resources.use(await connectBroker({ servers: [nats.url], service: "conformance", logger: silentLogger }));
});
afterAll(() => resources.disposeAsync());

test.each([
  ["asks for free slots", "fal", false],
  ["fetches ahead", unbilledProvider, true],
])(
  "consume: its intake closed and it %s, what runs goes on, what is new goes to the other, and opened it takes again",
  async (_how, provider, ahead) => {
    const consumer = workConsumer(provider, 8);
    await applyTopology(broker, [consumer]);
    const seen: string[] = [];
    const held = Promise.withResolvers<void>();
    const start = (name: string, wait: Promise<void> | undefined) =>
      consume(
        broker,
        defineHandler({
          consumer,
          async handle({ payload }) {
            seen.push(`${name} ${payload.index}`);
            await wait;
            return [];
          },
        }),
        { slots: 4, ahead },
      );
    const orderId = testOrderId(ahead ? 2 : 1);
    const send = (index: number) => publish(broker, buildWorkRequested({ provider, orderId, index }));
    await using one = start("one", held.promise);
    await send(0);
    await eventually(() => one.running === 1);

    one.intake.close();
    await eventually(() => one.intake.isDry);
    {
      await using _other = start("other", undefined);
      for (const index of [1, 2]) await send(index);
      await eventually(() => seen.length === 3);
    }
    expect(seen).toEqual(["one 0", "other 1", "other 2"]);
    expect(one.running).toBe(1);
    held.resolve();
    await eventually(() => one.running === 0);

    one.intake.open();
    await send(3);
    await eventually(() => seen.includes("one 3"), { timeoutMs: 10_000 });
  },
);
