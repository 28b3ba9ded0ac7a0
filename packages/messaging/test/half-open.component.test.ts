/** A connection to the broker that stays open while nothing passes it any more. */
import { orderCreatedConsumer, streams } from "@tirage/contracts";
import { buildOrderCreated, testOrderId } from "@tirage/contracts/testing";
import { eventually, startTcpProxy, startTestNats } from "@tirage/testkit";
import { expect, test } from "vitest";
import { applyTopology, connectBroker, consume, defineHandler, listSubjects, publish } from "../src/index.ts";
import { silentLogger } from "../src/testing.ts";

/** Two pings of 10 s that nobody answers, and the rest of an interval. */
const noticedWithinMs = 35_000;

test("fault 24: publish and consume: the connection is half-open, is noticed, and what was to be published is stored once and delivered", async () => {
  await using resources = new AsyncDisposableStack();
  const nats = resources.use(await startTestNats());
  const { hostname, port } = new URL(nats.url);
  const proxy = resources.use(await startTcpProxy({ host: hostname, port: Number(port) }));
  const connection = { service: "half-open", logger: silentLogger };
  const broker = resources.use(await connectBroker({ ...connection, servers: [`nats://127.0.0.1:${proxy.port}`] }));
  await applyTopology(broker, [orderCreatedConsumer]);
  const delivered: string[] = [];
  const handler = defineHandler({
    consumer: orderCreatedConsumer,
    async handle({ payload }) {
      delivered.push(payload.orderId);
      return [];
    },
  });
  resources.use(consume(broker, handler, { slots: 1, ahead: false }));
  const message = buildOrderCreated({ orderId: testOrderId(1) });

  proxy.blackhole();
  await expect(publish(broker, message)).rejects.toMatchObject({ code: "timeout" });
  await eventually(() => !broker.isConnected(), { timeoutMs: noticedWithinMs });
  proxy.heal();

  await eventually(() => publish(broker, message).then(() => true), { timeoutMs: noticedWithinMs });
  await eventually(() => delivered.length > 0, { timeoutMs: noticedWithinMs });
  const direct = resources.use(await connectBroker({ ...connection, servers: [nats.url] }));
  expect(await listSubjects(direct, streams.orders, "order.created.>")).toEqual([message.subject]);
  expect(new Set(delivered)).toEqual(new Set([testOrderId(1)]));
}, 120_000);
