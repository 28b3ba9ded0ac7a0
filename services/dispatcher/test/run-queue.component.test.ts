/** The run queue's promises on a real broker: nothing lost, nothing twice, and a fair share for each tenant and lane. */
import { consumersFor, type Priority, streams, workConsumer } from "@tirage/contracts";
import { buildOrderCreated, testOrderId } from "@tirage/contracts/testing";
import {
  applyTopology,
  type Broker,
  connectBroker,
  consume,
  defineHandler,
  listSubjects,
  publish,
} from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { createTestDatabase, eventually, startServiceProcess, startTestNats, type TestNats } from "@tirage/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createBacklog } from "../src/adapters/backlog.ts";
import { createRunQueue } from "../src/adapters/run-queue.ts";
import { createTurnSource } from "../src/adapters/turn-source.ts";
import { startDispatchLoop } from "../src/dispatch-loop.ts";
import { onOrderCreated } from "../src/handlers/order-created.ts";
import { startTurnSweep } from "../src/sweep-turns.ts";

const provider = "fal";
const concurrency = 20;
const consumers = consumersFor({ [provider]: concurrency });

let nats: TestNats;
let broker: Broker;
let resources: AsyncDisposableStack;

beforeEach(async () => {
  resources = new AsyncDisposableStack();
  nats = resources.use(await startTestNats());
  broker = resources.use(await connect());
  await applyTopology(broker, consumers);
});
afterEach(() => resources.disposeAsync());

const connect = () => connectBroker({ servers: [nats.url], service: "dispatcher", logger: silentLogger });

/** Runs every generation that is dispatched, `handlingMs` each, and answers each order's indexes as they ran. */
function runWork(handlingMs: number) {
  const ran: { orderId: string; tenantId: string; index: number }[] = [];
  const handler = defineHandler({
    consumer: workConsumer(provider, concurrency),
    async handle({ payload: { orderId, tenantId, index } }) {
      if (handlingMs > 0) await new Promise((resolve) => setTimeout(resolve, handlingMs));
      ran.push({ orderId, tenantId, index });
      return [];
    },
  });
  resources.use(consume(broker, handler, { slots: concurrency, ahead: false }));
  return ran;
}

/** A dispatcher in this process, as `start.ts` wires it. */
function startDispatcher(own: Broker) {
  const runQueue = createRunQueue(own);
  const backlog = createBacklog(own, workConsumer(provider, concurrency), concurrency);
  const turns = createTurnSource(own, provider);
  const common = { provider, concurrency, logger: silentLogger, onDispatched: () => undefined };
  resources.use(startDispatchLoop({ ...common, runQueue, turns, backlog }));
  resources.use(startTurnSweep(runQueue, { logger: silentLogger, dropSettled: async () => undefined }));
  resources.use(consume(own, onOrderCreated({ runQueue }), { slots: 64, ahead: true }));
}

function placeOrder(n: number, generations: number, { tenantId = "local", priority = "standard" as Priority } = {}) {
  const plan = { generations, batchSize: 1, lastBatchSize: 1, totalProducts: generations };
  return publish(broker, buildOrderCreated({ orderId: testOrderId(n), tenantId, priority, plan }));
}

test("run queue: orders of all sizes, each generation is dispatched once and both streams end empty", async () => {
  startDispatcher(resources.use(await connect()));
  const ran = runWork(0);
  const sizes = [1, 7, 60, 300, 1, 1, 25];
  await Promise.all(sizes.map((size, position) => placeOrder(position + 1, size)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  await eventually(() => ran.length >= total, { timeoutMs: 30_000 });
  expect(new Set(ran.map(({ orderId, index }) => `${orderId} ${index}`)).size).toBe(total);
  expect(ran).toHaveLength(total);
  await eventually(async () => (await listSubjects(broker, streams.dispatch, ">")).length === 0);
  await eventually(async () => (await listSubjects(broker, streams.turn, ">")).length === 0);
});

test("fault 50: run queue: one order of another tenant behind a flood, does not wait for the flood", async () => {
  startDispatcher(resources.use(await connect()));
  const ran = runWork(5);
  await placeOrder(1, 2_000, { tenantId: "flood" });
  await eventually(() => ran.length > 50);
  const before = ran.length;
  await placeOrder(2, 1, { tenantId: "other" });
  await eventually(() => ran.some(({ tenantId }) => tenantId === "other"));
  const position = ran.findIndex(({ tenantId }) => tenantId === "other");
  expect(position - before).toBeLessThan(200);
});

test("run queue: two tenants with equal work and little room, finish side by side", async () => {
  const ran = runWork(5);
  await Promise.all([
    ...Array.from({ length: 20 }, (_, position) => placeOrder(position + 1, 20, { tenantId: "many" })),
    placeOrder(50, 400, { tenantId: "one" }),
  ]);
  startDispatcher(resources.use(await connect()));
  await eventually(() => ran.length >= 400, { timeoutMs: 30_000 });
  const many = ran.slice(0, 400).filter(({ tenantId }) => tenantId === "many").length;
  expect(many).toBeGreaterThan(150);
  expect(many).toBeLessThan(250);
});

test("run queue: interactive beside bulk of one tenant, gets about six of seven turns", async () => {
  const ran = runWork(25);
  await placeOrder(1, 400, { priority: "bulk" });
  await placeOrder(2, 400, { priority: "interactive" });
  startDispatcher(resources.use(await connect()));
  await eventually(() => ran.length >= 300, { timeoutMs: 30_000 });
  const interactive = ran.slice(0, 300).filter(({ orderId }) => orderId === testOrderId(2)).length;
  expect(interactive).toBeGreaterThan(200);
  expect(interactive).toBeLessThan(300);
});

const spawnDispatcher = async (databaseUrl: string) =>
  resources.use(
    await startServiceProcess("dispatcher", {
      DATABASE_URL: databaseUrl,
      NATS_URL: nats.url,
      PROVIDERS: provider,
      PROVIDER_CONCURRENCY: `${provider}=${concurrency}`,
    }),
  );

test("fault 6: run queue: two dispatcher processes killed and frozen at random, nothing is lost and nothing runs twice", async () => {
  const ran = runWork(0);
  const sizes = Array.from({ length: 40 }, (_, position) => [1, 7, 60, 300][position % 4] ?? 1);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const { url: databaseUrl } = resources.use(await createTestDatabase());
  const dispatchers = await Promise.all([spawnDispatcher(databaseUrl), spawnDispatcher(databaseUrl)]);
  let placed = 0;
  // Seven tenants in three lanes: several rings, so that a turn lost with its holder stalls one and not all.
  const lanes = ["interactive", "standard", "bulk"] as const;
  const place = async (n: number) => {
    await placeOrder(n + 1, sizes[n] ?? 1, { tenantId: `tenant${n % 7}`, priority: lanes[n % 3] ?? "bulk" });
    placed += 1;
  };
  for (let round = 0; round < 8; round++) {
    for (let n = round * 5; n < round * 5 + 5; n++) await place(n);
    const victim = round % 2;
    const killed = dispatchers[victim];
    if (!killed) throw new Error("there are two dispatchers");
    if (round % 4 === 3) {
      killed.signal("SIGSTOP");
      // Frozen until the other has taken over all that it held, and so for longer than its messages are kept for it.
      const placedSoFar = sizes.slice(0, placed).reduce((sum, size) => sum + size, 0);
      await eventually(() => ran.length >= placedSoFar, { timeoutMs: 60_000 });
      killed.signal("SIGCONT");
    } else {
      await killed.end("SIGKILL");
      dispatchers[victim] = await spawnDispatcher(databaseUrl);
    }
  }
  expect(placed).toBe(40);
  await eventually(() => ran.length >= total, { timeoutMs: 90_000 });
  await eventually(async () => (await listSubjects(broker, streams.dispatch, ">")).length === 0, { timeoutMs: 30_000 });
  expect(new Set(ran.map(({ orderId, index }) => `${orderId} ${index}`)).size).toBe(total);
  expect(ran).toHaveLength(total);
}, 180_000);
