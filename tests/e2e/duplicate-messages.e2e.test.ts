/** A message that comes again after the broker has forgotten that it came before: done again, and paid for once. */
import { orderCreated, workConsumer } from "@tirage/contracts";
import { connectBroker, encodeMessage, publishEncoded, readConsumerDepth } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { falModel, listProducts, placeOrder, readLedgerTotals, readOrder, tenImages } from "./order-request.ts";
import { startStack } from "./start-stack.ts";

test("faults 4, 7: order.created published again after the broker restarted, the order is as it was and nothing is bought again", async () => {
  await using resources = new AsyncDisposableStack();
  const environment = { SANDBOX_LATENCY_MS: "50" };
  const stack = resources.use(await startStack({ environment, generators: 1 }));
  const request = { ...falModel, ...tenImages, seed: 7 };
  const order = await placeOrder(stack.apiUrl, request, 30);
  expect(order.status).toBe("completed");
  const products = await listProducts(stack.apiUrl, order.id);

  await stack.infrastructure.find(({ name }) => name === "NATS")?.restart();
  const broker = resources.use(
    await connectBroker({ servers: [stack.natsUrl], service: "test", logger: silentLogger }),
  );
  const consumer = workConsumer("fal", 10);
  const again = orderCreated.create({
    ...{ orderId: order.id, tenantId: "local", ...falModel, prompt: request.prompt, parameters: {}, plan: order.plan },
    ...{ priority: "standard", seed: request.seed, shortfall: "accept" },
  });
  const before = await eventually(() => readConsumerDepth(broker, consumer), { timeoutMs: 20_000 });
  // ORDERS keeps what it was given and knows its ids from that: only under another id is it taken again.
  const encoded = encodeMessage(again, "/services/test");
  const underAnotherId = { ...encoded, headers: { ...encoded.headers, "Nats-Msg-Id": `${encoded.id}:again` } };
  await eventually(() => publishEncoded(broker, underAnotherId).then(() => true), {
    timeoutMs: 20_000,
    intervalMs: 250,
  });

  await eventually(
    async () => {
      const { delivered, pending, unacknowledged } = await readConsumerDepth(broker, consumer);
      return delivered >= before.delivered + 3 && pending === 0 && unacknowledged === 0;
    },
    { timeoutMs: 30_000 },
  );
  expect(await readLedgerTotals(stack.sandboxUrl)).toMatchObject({ submissions: 3, paidTwice: 0 });
  expect(await readOrder(stack.apiUrl, order.id)).toEqual(order);
  expect(await listProducts(stack.apiUrl, order.id)).toEqual(products);
}, 120_000);
