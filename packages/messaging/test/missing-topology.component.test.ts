/** What an operator, or a bad deploy, takes away under running consumers comes back by itself. */
import { orderCreatedConsumer, streams } from "@tirage/contracts";
import { buildOrderCreated, testOrderId } from "@tirage/contracts/testing";
import { eventually, startTestNats } from "@tirage/testkit";
import { expect, test } from "vitest";
import { internals } from "../src/broker.ts";
import { applyTopology, connectBroker, consume, defineHandler, publish } from "../src/index.ts";
import { silentLogger } from "../src/testing.ts";

const consumer = { ...orderCreatedConsumer, acknowledgeWaitMs: 1_000 };

test.each(["consumer", "stream"] as const)(
  "fault 27: the %s is deleted under a running consumption, it is made again and messages flow",
  async (what) => {
    await using nats = await startTestNats();
    await using broker = await connectBroker({ servers: [nats.url], service: "conformance", logger: silentLogger });
    await applyTopology(broker, [consumer]);
    const seen: string[] = [];
    const handler = defineHandler({
      consumer,
      async handle({ payload }) {
        seen.push(payload.orderId);
        return [];
      },
    });
    await using consumption = consume(broker, handler, { slots: 4, ahead: true });
    await publish(broker, buildOrderCreated({ orderId: testOrderId(1) }));
    await eventually(() => seen.includes(testOrderId(1)));

    const { manager } = broker[internals];
    if (what === "consumer") await manager.consumers.delete(streams.orders.name, consumer.durable);
    else await manager.streams.delete(streams.orders.name);

    const next = buildOrderCreated({ orderId: testOrderId(2) });
    await eventually(() => publish(broker, next).then(() => true), { timeoutMs: 30_000, intervalMs: 250 });
    await eventually(() => seen.includes(testOrderId(2)), { timeoutMs: 30_000 });
    expect(consumption.running).toBe(0);
  },
);
