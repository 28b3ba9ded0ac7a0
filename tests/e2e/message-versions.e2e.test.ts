/** While a deployment goes on, senders may be newer than readers: what readers do not know yet, they leave alone. */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { createClient } from "@tirage/client";
import { type ConsumerDefinition, consumersFor, orderCreated } from "@tirage/contracts";
import { connectBroker, encodeMessage, publishEncoded, readConsumerDepth } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { falModel, listProducts, placeOrder, readLedgerTotals, readOrder, tenImages } from "./order-request.ts";
import { startStack } from "./start-stack.ts";

const fixtures = new URL("../../packages/contracts/fixtures/", import.meta.url);

interface Fixture {
  readonly type: string;
  readonly subject: string;
  readonly id: string;
  readonly payload: object;
}

/** A message as a newer sender would publish it to this consumer, with a field that nobody here knows. */
function newerMessage(
  { name, version }: ConsumerDefinition["consumes"][number],
  { filterSubject }: ConsumerDefinition,
) {
  const text = readFileSync(new URL(`${name}.v${version}.json`, fixtures), "utf8");
  const { id, payload, ...fixture } = JSON.parse(text) as Fixture;
  const [, ...place] = fixture.subject.split(".");
  // Turns have a subject for each lane, and only one message on it; work comes by two ways.
  const subject =
    name === "turn" ? filterSubject.replace(">", "newer") : [filterSubject.split(".")[0], ...place].join(".");
  const type = `tirage.${name}.v${version + 1}`;
  return { name, type, subject, id: `${id}:${subject}:newer`, payload: { ...payload, addedByANewerWriter: true } };
}

test("fault 45: to every consumer, messages of a newer version, are kept for a newer reader while orders complete", async () => {
  await using resources = new AsyncDisposableStack();
  const stack = resources.use(await startStack({ environment: { PROVIDERS: "fal,replicate" }, generators: 1 }));
  const broker = resources.use(
    await connectBroker({ servers: [stack.natsUrl], service: "test", logger: silentLogger }),
  );
  const client = createClient({ baseUrl: stack.apiUrl });
  const consumers = consumersFor({ fal: 10 });
  const published = new Set<string>();
  for (const consumer of consumers) {
    for (const message of consumer.consumes.map((definition) => newerMessage(definition, consumer))) {
      if (!published.has(message.subject)) await publishEncoded(broker, encodeMessage(message, "/services/test"));
      published.add(message.subject);
    }
  }

  const expected = consumers.map(({ durable, consumes }) => [durable, consumes.length]);
  const readKept = () =>
    Promise.all(
      consumers.map(async (consumer) => {
        const { durable, consumes } = consumer;
        return [durable, Math.min(consumes.length, (await readConsumerDepth(broker, consumer)).unacknowledged)];
      }),
    );
  const expectKept = async () => {
    const areAllKept = async () => isDeepStrictEqual(await readKept(), expected);
    await eventually(areAllKept, { timeoutMs: 20_000 }).catch(async () => expect(await readKept()).toEqual(expected));
    expect((await client.deadLetters.page()).data).toEqual([]);
  };
  await expectKept();
  const order = await placeOrder(stack.apiUrl, { ...falModel, ...tenImages }, 30);
  expect(order.status).toBe("completed");
  await expectKept();
  expect(await readLedgerTotals(stack.sandboxUrl)).toMatchObject({ submissions: 3, paidTwice: 0 });
}, 120_000);

test("fault 45: a known version with a field of a newer writer, is handled as without it", async () => {
  await using resources = new AsyncDisposableStack();
  const stack = resources.use(await startStack({ environment: { PROVIDERS: "fal" }, generators: 1 }));
  const broker = resources.use(
    await connectBroker({ servers: [stack.natsUrl], service: "test", logger: silentLogger }),
  );
  const request = { ...falModel, ...tenImages, seed: 7 };
  const order = await placeOrder(stack.apiUrl, request, 30);
  const products = await listProducts(stack.apiUrl, order.id);
  const consumer = consumersFor({ fal: 10 }).find(({ durable }) => durable === "dispatcher-order-created");
  if (!consumer) throw new Error("there is a consumer of new orders");
  const before = await readConsumerDepth(broker, consumer);
  const again = orderCreated.create({
    ...{ orderId: order.id, tenantId: "local", ...falModel, prompt: request.prompt, parameters: {}, plan: order.plan },
    ...{ priority: "standard", seed: request.seed, shortfall: "accept" },
  });

  const payload = { ...again.payload, addedByANewerWriter: true };
  await publishEncoded(broker, encodeMessage({ ...again, id: `${again.id}:newer`, payload }, "/services/test"));

  await eventually(async () => {
    const { delivered, unacknowledged, pending } = await readConsumerDepth(broker, consumer);
    return delivered > before.delivered && unacknowledged + pending === 0;
  });
  expect(await readOrder(stack.apiUrl, order.id)).toEqual(order);
  expect(await listProducts(stack.apiUrl, order.id)).toEqual(products);
}, 120_000);
