import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { orderCreatedConsumer, streams } from "@tirage/contracts";
import { buildOrderCreated } from "@tirage/contracts/testing";
import { eventually, startTestNats } from "@tirage/testkit";
import { expect, test } from "vitest";
import { applyTopology, connectBroker, publish, readConsumerDepth, readDeadLetters } from "../src/index.ts";
import { silentLogger } from "../src/testing.ts";

const script = fileURLToPath(new URL("crash-on-poison.ts", import.meta.url));
const consumer = { ...orderCreatedConsumer, acknowledgeWaitMs: 1_000, deadLetterAfterDeliveries: 2 };

test("fault 18: consume: a message that kills its process each time, is quarantined and its neighbour flows", {
  timeout: 30_000,
}, async () => {
  await using nats = await startTestNats();
  await using broker = await connectBroker({ servers: [nats.url], service: "test", logger: silentLogger });
  await applyTopology(broker, [consumer]);
  const poison = buildOrderCreated({ orderId: crypto.randomUUID() });
  await publish(broker, poison);
  await publish(broker, buildOrderCreated({ orderId: crypto.randomUUID() }));
  let deaths = 0;
  let isOver = false;
  let child = spawn(process.execPath, [script, nats.url, poison.payload.orderId]);
  const keepAlive = (async () => {
    for (;;) {
      await once(child, "exit");
      if (isOver) return;
      deaths += 1;
      child = spawn(process.execPath, [script, nats.url, poison.payload.orderId]);
    }
  })();
  try {
    await eventually(async () => (await readDeadLetters(broker)).letters.length === 1, { timeoutMs: 20_000 });
    await eventually(async () => {
      const { pending, unacknowledged } = await readConsumerDepth(broker, consumer);
      return pending + unacknowledged === 0;
    });
  } finally {
    isOver = true;
    child.kill("SIGKILL");
    await keepAlive;
  }
  expect(deaths).toBe(2);
  const [letter] = (await readDeadLetters(broker)).letters;
  expect(letter).toMatchObject({ code: "crash_loop", stream: streams.orders.name, subject: poison.subject });
});
