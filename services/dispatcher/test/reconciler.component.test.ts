/** What the broker forgets is rebuilt from Postgres, and nothing else is ever dispatched again. */
import {
  consumersFor,
  orderCancelConsumer,
  type orderCancelRequested,
  orderRetryRequested,
  orderTopUpRequested,
  type PayloadOf,
  streams,
  workConsumer,
  workRequested,
} from "@tirage/contracts";
import { buildItemCompleted, buildOrderCreated, testOrderId } from "@tirage/contracts/testing";
import { createPool } from "@tirage/database";
import {
  applyTopology,
  type Broker,
  connectBroker,
  consume,
  createSubjectRecords,
  defineHandler,
  listSubjects,
  PostponeError,
  publish,
} from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { createTestDatabase, eventually, startServiceProcess, startTestNats, type TestNats } from "@tirage/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRunQueue } from "../src/adapters/run-queue.ts";
import { hasEnded, placeOrder, provider, readCounter, readSweeps } from "./reconciled-orders.ts";

const concurrency = 20;

let nats: TestNats;
let databaseUrl: string;
let pool: ReturnType<typeof createPool>;
let broker: Broker;
let resources: AsyncDisposableStack;

beforeEach(async () => {
  resources = new AsyncDisposableStack();
  [nats, databaseUrl] = await Promise.all([
    startTestNats().then((started) => resources.use(started)),
    createTestDatabase().then((created) => resources.use(created).url),
  ]);
  pool = createPool({ databaseUrl, applicationName: "test", max: 2, onError: () => undefined });
  resources.defer(() => pool.end());
  broker = resources.use(await connectBroker({ servers: [nats.url], service: "generator", logger: silentLogger }));
  await applyTopology(broker, consumersFor({ [provider]: concurrency }));
}, 60_000);
afterEach(() => resources.disposeAsync());

const startService = async (name: "dispatcher" | "status-aggregator") =>
  resources.use(
    await startServiceProcess(name, {
      NATS_URL: nats.url,
      DATABASE_URL: databaseUrl,
      PROVIDERS: provider,
      PROVIDER_CONCURRENCY: `${provider}=${concurrency}`,
      RECONCILE_EVERY_MS: "200",
    }),
  );

/** Answers every generation after `handlingMs`, and lists what ran. */
function runWork(handlingMs: number) {
  const ran: string[] = [];
  const handler = defineHandler({
    consumer: workConsumer(provider, concurrency),
    async handle({ payload: { orderId, index, attempt } }) {
      if (handlingMs > 0) await new Promise((resolve) => setTimeout(resolve, handlingMs));
      ran.push(`${orderId} ${index}`);
      return [buildItemCompleted({ orderId, index, attempt, requested: 1, produced: 0 })];
    },
  });
  resources.use(consume(broker, handler, { slots: concurrency, ahead: false }));
  return ran;
}

test("fault 48: reconciler: a healthy run under two dispatchers with a late start of the aggregator, dispatches nothing again", async () => {
  const dispatchers = await Promise.all([startService("dispatcher"), startService("dispatcher")]);
  const ran = runWork(20);
  const orderIds = await Promise.all([1, 2, 3].map((n) => placeOrder({ pool, broker }, n, 100)));
  // All results wait unapplied, for far more than the three sweeps that find what is missing.
  await eventually(() => ran.length === 300, { timeoutMs: 30_000 });
  const countSweeps = async () =>
    (await Promise.all(dispatchers.map(({ url }) => readSweeps(url)))).reduce((sum, count) => sum + count, 0);
  const before = await countSweeps();
  await eventually(async () => (await countSweeps()) >= before + 12, { timeoutMs: 30_000 });
  await startService("status-aggregator");
  for (const orderId of orderIds) await eventually(() => hasEnded(pool, orderId), { timeoutMs: 30_000 });
  expect(new Set(ran).size).toBe(300);
  expect(ran).toHaveLength(300);
  for (const { url } of dispatchers) {
    expect(await readCounter(url, "reconciler_redispatched_total")).toBe(0);
    expect(await readCounter(url, "broker_amnesia_total")).toBe(0);
  }
}, 90_000);

test("fault 21: reconciler: the broker is wiped with generations queued and running, all are dispatched again and end", async () => {
  const dispatcher = await startService("dispatcher");
  await startService("status-aggregator");
  const ran = runWork(200);
  const orderIds = await Promise.all([1, 2].map((n) => placeOrder({ pool, broker }, n, 150)));
  await eventually(() => ran.length > 40, { timeoutMs: 20_000 });
  await nats.kill9();
  await nats.restart({ wipe: true });
  for (const orderId of orderIds) await eventually(() => hasEnded(pool, orderId), { timeoutMs: 60_000 });
  expect(new Set(ran).size).toBe(300);
  expect(await readCounter(dispatcher.url, "reconciler_redispatched_total")).toBeGreaterThan(0);
  expect(await readCounter(dispatcher.url, "broker_amnesia_total")).toBeGreaterThan(0);
  await eventually(async () => (await listSubjects(broker, streams.dispatch, ">")).length === 0);
}, 120_000);

test("fault 22: reconciler: an order whose announcement is lost, is dispatched from Postgres and ends", async () => {
  const dispatcher = await startService("dispatcher");
  await startService("status-aggregator");
  const ran = runWork(0);
  const orderId = await placeOrder({ pool, broker }, 1, 30, { isAnnounced: false });
  await eventually(() => hasEnded(pool, orderId), { timeoutMs: 30_000 });
  expect(ran).toHaveLength(30);
  expect(await readCounter(dispatcher.url, "reconciler_redispatched_total")).toBe(30);
}, 60_000);

test("reconciler: an order with startAt, begins then and not before, and counts as dispatched once", async () => {
  const dispatcher = await startService("dispatcher");
  await startService("status-aggregator");
  const ran = runWork(0);
  const startAt = new Date(Date.now() + 5_000);
  const orderId = await placeOrder({ pool, broker }, 1, 5, { startAt: startAt.toISOString() });
  await eventually(() => ran.length > 0, { timeoutMs: 20_000 });
  expect(Date.now()).toBeGreaterThanOrEqual(startAt.getTime());
  await eventually(() => hasEnded(pool, orderId), { timeoutMs: 20_000 });
  expect(ran).toHaveLength(5);
  expect(await readCounter(dispatcher.url, "reconciler_redispatched_total")).toBe(0);
}, 60_000);

test("reconciler: an order past expiresAt, is asked to be cancelled for its deadline", async () => {
  const asked: PayloadOf<typeof orderCancelRequested>[] = [];
  const handler = defineHandler({
    consumer: orderCancelConsumer("generator"),
    async handle({ payload }) {
      asked.push(payload);
      return [];
    },
  });
  resources.use(consume(broker, handler, { slots: 1, ahead: false }));
  await startService("status-aggregator");
  await startService("dispatcher");
  const orderId = await placeOrder({ pool, broker }, 1, 2, { expiresAt: new Date(Date.now() + 1_000).toISOString() });
  const first = await eventually(() => asked[0], { timeoutMs: 20_000 });
  expect(first).toMatchObject({ orderId, reason: "deadline" });
}, 60_000);

test("reconciler: an item that never ends however often it is dispatched, fails as lost and its order ends", async () => {
  const dispatcher = await startService("dispatcher");
  await startService("status-aggregator");
  let swallowed = 0;
  const handler = defineHandler({
    consumer: workConsumer(provider, concurrency),
    async handle({ payload: { orderId, index, attempt } }) {
      if (index > 0) return [buildItemCompleted({ orderId, index, attempt, requested: 1, produced: 0 })];
      swallowed += 1;
      return [];
    },
  });
  resources.use(consume(broker, handler, { slots: concurrency, ahead: false }));
  const orderId = await placeOrder({ pool, broker }, 1, 3);
  await eventually(() => hasEnded(pool, orderId), { timeoutMs: 60_000 });
  expect(swallowed).toBe(6);
  const { rows } = await pool.query(
    "SELECT error ->> 'code' AS code FROM order_items WHERE order_id = $1 AND index = 0",
    [orderId],
  );
  expect(rows).toEqual([{ code: "lost" }]);
  expect(await readCounter(dispatcher.url, "reconciler_redispatched_total")).toBe(5);
}, 90_000);

test("reconciler: items that never end however often they are dispatched, one of them paid for: only the other fails as lost, in the ledger too", async () => {
  const dispatcher = await startService("dispatcher");
  await startService("status-aggregator");
  const delivered = [0, 0, 0];
  const handler = defineHandler({
    consumer: workConsumer(provider, concurrency),
    async handle({ payload: { itemId, index, attempt } }) {
      delivered[index] = (delivered[index] ?? 0) + 1;
      if (index === 2) return [];
      // Its worker is away, and nobody knows yet whether it is bought.
      await pool.query(
        `INSERT INTO provider_calls (item_id, attempt, provider, nonce, state, request_id, submit_started_at)
         VALUES ($1, $2, 'null', gen_random_uuid(), $3, $4, now()) ON CONFLICT DO NOTHING`,
        index === 0 ? [itemId, attempt, "submitted", "request"] : [itemId, attempt, "submitting", null],
      );
      return [];
    },
  });
  resources.use(consume(broker, handler, { slots: concurrency, ahead: false }));
  const orderId = await placeOrder({ pool, broker }, 1, 3);
  const readItems = async () => {
    const query = `SELECT item.index, item.status, item.error ->> 'code' AS code, call.state,
        call.result -> 'payload' -> 'error' ->> 'code' AS ledger
      FROM order_items AS item LEFT JOIN provider_calls AS call ON call.item_id = item.id
      WHERE item.order_id = $1 ORDER BY item.index`;
    return (await pool.query(query, [orderId])).rows;
  };
  await eventually(async () => (await readItems())[2].status === "failed", { timeoutMs: 60_000 });
  const sweeps = await readSweeps(dispatcher.url);
  await eventually(async () => (await readSweeps(dispatcher.url)) > sweeps + 9, { timeoutMs: 20_000 });
  expect(await readItems()).toEqual([
    { index: 0, status: "pending", code: null, state: "submitted", ledger: null },
    { index: 1, status: "pending", code: null, state: "submitting", ledger: null },
    { index: 2, status: "failed", code: "lost", state: "finished", ledger: "lost" },
  ]);
  expect(delivered).toEqual([6, 6, 6]);
}, 90_000);

test("reconciler: a next attempt that waits in LATER is left alone, one that is lost is dispatched as the ledger's highest", async () => {
  const dispatcher = await startService("dispatcher");
  await startService("status-aggregator");
  const ran: string[] = [];
  const handler = defineHandler({
    consumer: workConsumer(provider, concurrency),
    async handle({ payload }) {
      const { itemId, orderId, index, attempt, firstAttempt } = payload;
      ran.push(`${index}: ${attempt} of ${firstAttempt}`);
      const place = `${provider}.${orderId}.${index}`;
      const next = workRequested.create({ ...payload, attempt: attempt + 1, firstAttempt: attempt });
      const later = { ...next, subject: `later.${place}` };
      if (attempt === 1 && index === 0) {
        throw new PostponeError("new_attempt", "later", { delayMs: 4_000, later, dueSubject: `due.${place}` });
      }
      if (attempt > 1) return [buildItemCompleted({ orderId, index, attempt, requested: 1, produced: 0 })];
      await pool.query(
        `INSERT INTO provider_calls (item_id, attempt, provider, nonce, state)
         VALUES ($1, 1, 'null', gen_random_uuid(), 'finished'), ($1, 2, 'null', gen_random_uuid(), 'open')`,
        [itemId],
      );
      return [];
    },
  });
  resources.use(consume(broker, handler, { slots: concurrency, ahead: false }));
  const orderId = await placeOrder({ pool, broker }, 1, 2);
  await eventually(() => hasEnded(pool, orderId), { timeoutMs: 30_000 });
  expect(ran.toSorted()).toEqual(["0: 1 of undefined", "0: 2 of 1", "1: 1 of undefined", "1: 2 of 1"]);
  expect(await readCounter(dispatcher.url, "reconciler_redispatched_total")).toBe(1);
}, 60_000);

test("fault 19: reconciler: one generation's message vanishes from the work queue, that one is dispatched again", async () => {
  const dispatcher = await startService("dispatcher");
  await startService("status-aggregator");
  const orderId = await placeOrder({ pool, broker }, 1, 5);
  await eventually(async () => (await listSubjects(broker, streams.work, ">")).length === 5);
  await createSubjectRecords(broker, streams.work, workRequested).remove(3);
  await eventually(async () => (await listSubjects(broker, streams.work, ">")).length === 4);
  await eventually(async () => (await listSubjects(broker, streams.work, ">")).length === 5, { timeoutMs: 20_000 });
  const ran = runWork(0);
  await eventually(() => hasEnded(pool, orderId), { timeoutMs: 20_000 });
  expect(ran).toHaveLength(5);
  expect(await readCounter(dispatcher.url, "reconciler_redispatched_total")).toBe(1);
}, 60_000);

test("order.retry_requested and order.top_up_requested: items by index, run at their attempts and sizes", async () => {
  await startService("dispatcher");
  const orderId = await placeOrder({ pool, broker }, 1, 6);
  const ran: number[][] = [];
  const handler = defineHandler({
    consumer: workConsumer(provider, concurrency),
    async handle({ payload: { index, attempt, batchSize } }) {
      ran.push([index, attempt, batchSize]);
      return [];
    },
  });
  resources.use(consume(broker, handler, { slots: concurrency, ahead: false }));
  await eventually(() => ran.length === 6);
  ran.length = 0;
  await publish(broker, orderRetryRequested.create({ orderId, attempt: 2, indexes: [1, 2, 4] }));
  await publish(broker, orderTopUpRequested.create({ orderId, items: [{ index: 6, batchSize: 3 }] }));
  await eventually(() => ran.length >= 4);
  expect(ran.toSorted()).toEqual([
    [1, 2, 1],
    [2, 2, 1],
    [4, 2, 1],
    [6, 1, 3],
  ]);
}, 60_000);

test("order.retry_requested and order.top_up_requested: of a deleted order, ask for nothing; of one that nobody knows, are dead letters", async () => {
  const { url: dispatcherUrl } = await startService("dispatcher");
  const deleted = await placeOrder({ pool, broker }, 1, 2, { isAnnounced: false });
  await pool.query("DELETE FROM orders WHERE id = $1", [deleted]);
  await pool.query("INSERT INTO deleted_orders (id, tenant_id, storage_keys) VALUES ($1, 'local', '{}')", [deleted]);
  const unknown = testOrderId(2);
  for (const orderId of [deleted, unknown]) {
    await publish(broker, orderRetryRequested.create({ orderId, attempt: 2, indexes: [0] }));
    await publish(broker, orderTopUpRequested.create({ orderId, items: [{ index: 2, batchSize: 1 }] }));
  }
  await eventually(async () => (await listSubjects(broker, streams.dead, ">")).length === 2, { timeoutMs: 20_000 });
  const sweeps = await readSweeps(dispatcherUrl);
  await eventually(async () => (await readSweeps(dispatcherUrl)) > sweeps + 2, { timeoutMs: 20_000 });
  expect(await listSubjects(broker, streams.work, ">")).toEqual([]);
  expect(await listSubjects(broker, streams.dispatch, ">")).toEqual([]);
  const dead = await listSubjects(broker, streams.dead, ">");
  expect(dead.filter((subject) => subject.includes(deleted))).toEqual([]);
}, 60_000);

test("reconciler: a cancel and a retry that nobody heard, are asked for again", async () => {
  await startService("status-aggregator");
  await startService("dispatcher");
  const asked: object[] = [];
  const handler = defineHandler({
    consumer: orderCancelConsumer("generator"),
    async handle({ payload }) {
      asked.push(payload);
      return [];
    },
  });
  resources.use(consume(broker, handler, { slots: 1, ahead: false }));
  const [cancelled, retried] = [await placeOrder({ pool, broker }, 1, 2), await placeOrder({ pool, broker }, 2, 2)];
  await pool.query("UPDATE order_items SET status = 'failed' WHERE order_id = $1 AND index = 1", [retried]);
  await pool.query(
    `INSERT INTO order_requests (order_id, kind, attempt, indexes, created_at)
     VALUES ($1, 'cancel', 1, NULL, now() - interval '1 minute'), ($2, 'retry', 2, '{1}', now() - interval '1 minute')`,
    [cancelled, retried],
  );
  const cancel = await eventually(() => asked[0], { timeoutMs: 20_000 });
  expect(cancel).toMatchObject({ orderId: cancelled, attempt: 1, reason: "customer" });
  await eventually(
    async () => {
      const query = "SELECT FROM order_items WHERE order_id = $1 AND index = 1 AND status = 'pending' AND attempt = 2";
      return (await pool.query(query, [retried])).rowCount === 1;
    },
    { timeoutMs: 20_000 },
  );
}, 60_000);

test("reconciler: an order that is open though its items have ended, is counted anew and ends", async () => {
  await startService("status-aggregator");
  await startService("dispatcher");
  const orderId = await placeOrder({ pool, broker }, 1, 2, { isAnnounced: false });
  await pool.query("UPDATE order_items SET status = 'completed' WHERE order_id = $1", [orderId]);
  await eventually(() => hasEnded(pool, orderId), { timeoutMs: 30_000 });
}, 60_000);

test("run queue: an entry that cannot be read, is dead-lettered and does not stall its ring", async () => {
  const runQueue = createRunQueue(broker);
  const unreadable = { ...buildOrderCreated({ provider }).payload, orderId: testOrderId(9) };
  const ring = { provider, lane: "standard", tenantId: "local" } as const;
  const subject = `dispatch.${provider}.standard.local.${testOrderId(9)}`;
  await publish(broker, { name: "dispatch.entry", type: "x", subject, id: "broken", payload: { order: unreadable } });
  const { payload: order } = buildOrderCreated({ provider });
  await runQueue.addEntry({ order, next: 0, attempt: 1, epoch: 0 });
  const oldest = await runQueue.oldestEntry(ring);
  expect(oldest?.payload.order.orderId).toBe(order.orderId);
  expect(await listSubjects(broker, streams.dead, "dead.dispatch.>")).toHaveLength(1);
});
