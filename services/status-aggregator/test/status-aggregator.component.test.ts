/** The aggregator in its own process, between a real broker and a real database. */
import {
  itemCancelled,
  itemCompleted,
  itemEventsConsumer,
  itemFailed,
  itemStarted,
  type Message,
  orderCompleted,
  orderUpdated,
  type PayloadOf,
} from "@tirage/contracts";
import { createPool } from "@tirage/database";
import { applyTopology, type Broker, connectBroker, createBundlingPublisher, watchSubject } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import {
  createTestDatabase,
  eventually,
  type ServiceProcess,
  startServiceProcess,
  startTestNats,
} from "@tirage/testkit";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { ItemEvent } from "../src/domain/fold-item-events.ts";
import { insertOrder, type TestOrder } from "./insert-order.ts";
import { completed, failed, started } from "./item-events.ts";
import { expectExactCounters } from "./recount.ts";

const resources = new AsyncDisposableStack();
let broker: Broker;
let pool: pg.Pool;
let variables: Record<string, string>;
let aggregator: ServiceProcess;
let heard: { updated: PayloadOf<typeof orderUpdated>[]; completed: PayloadOf<typeof orderCompleted>[] };

beforeAll(async () => {
  const nats = resources.use(await startTestNats());
  const database = resources.use(await createTestDatabase());
  pool = createPool({ databaseUrl: database.url, applicationName: "test", max: 4, onError: () => undefined });
  resources.defer(() => pool.end());
  const options = { servers: [nats.url], service: "status-aggregator-test", logger: silentLogger };
  broker = resources.use(await connectBroker(options));
  await applyTopology(broker, [itemEventsConsumer]);
  variables = { NATS_URL: nats.url, DATABASE_URL: database.url };
  resources.use(watchSubject(broker, "order.updated.>", orderUpdated, (payload) => heard.updated.push(payload)));
  resources.use(watchSubject(broker, "order.completed.>", orderCompleted, (payload) => heard.completed.push(payload)));
});
afterAll(() => resources.disposeAsync());

beforeEach(async () => {
  heard = { updated: [], completed: [] };
  aggregator = await startServiceProcess("status-aggregator", variables);
});
afterEach(() => aggregator[Symbol.asyncDispose]());

function toMessage({ name, payload }: ItemEvent): Message {
  switch (name) {
    case "item.started":
      return itemStarted.create(payload);
    case "item.completed":
      return itemCompleted.create(payload);
    case "item.failed":
      return itemFailed.create(payload);
    case "item.cancelled":
      return itemCancelled.create(payload);
  }
}

/** As a generator does: what is ready together travels together. */
async function announce(events: readonly ItemEvent[]): Promise<void> {
  const publishBundled = createBundlingPublisher(broker, "worker-1");
  await Promise.all(events.map((event) => publishBundled(toMessage(event))));
}

function historyOf({ id: orderId, plan }: TestOrder): ItemEvent[] {
  return Array.from({ length: plan.generations }, (_, index) => index).flatMap((index) => [
    completed({ orderId, index, at: 9 }, { requested: 4, produced: 4 }),
    started({ orderId, index, at: 1 + index }),
  ]);
}

const readStatus = async (orderId: string): Promise<string | undefined> =>
  (await pool.query<{ status: string }>("SELECT status FROM orders WHERE id = $1", [orderId])).rows[0]?.status;

const hasCompleted = (orderId: string) => () => heard.completed.find((payload) => payload.orderId === orderId);

/** Holds the order's lock while `meanwhile` runs, so that a batch with it stands still half way. */
async function whileLocked(orderId: string, meanwhile: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT FROM orders WHERE id = $1 FOR UPDATE", [orderId]);
    await announce(
      historyOf({ id: orderId, plan: { generations: 2, batchSize: 4, lastBatchSize: 4, totalProducts: 8 } }),
    );
    await eventually(async () => (await findWaitingBackend()) !== undefined);
    await meanwhile();
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}

async function findWaitingBackend(): Promise<number | undefined> {
  const { rows } = await pool.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'status-aggregator' AND wait_event_type = 'Lock'",
  );
  return rows[0]?.pid;
}

test("status-aggregator: a bundle of starts and completions, completes the order and announces it", async () => {
  const order = await insertOrder(pool, { quantity: 12, batchSize: 4 });
  await announce(historyOf(order));
  const announced = await eventually(hasCompleted(order.id));
  expect(announced.order).toMatchObject({ id: order.id, status: "completed", partial: false, prompt: "a lighthouse" });
  expect(announced.order.progress.products).toEqual({ requested: 12, produced: 12 });
  const versions = heard.updated.filter(({ orderId }) => orderId === order.id).map(({ version }) => version);
  expect(versions.at(-1)).toBe(announced.order.version);
  await expectExactCounters(pool, order.id);
});

test("status-aggregator: an order partly failed, is announced completed and partial with the failure", async () => {
  const order = await insertOrder(pool, { quantity: 8, batchSize: 4 });
  await announce([...historyOf(order).slice(0, 2), failed({ orderId: order.id, index: 1 })]);
  const announced = await eventually(hasCompleted(order.id));
  expect(announced.order).toMatchObject({ partial: true, error: { code: "content_policy" } });
});

test("status-aggregator: its database connection broken half way through a batch, applies the batch once", async () => {
  const order = await insertOrder(pool, { quantity: 8, batchSize: 4 });
  await whileLocked(order.id, async () => {
    await pool.query("SELECT pg_terminate_backend($1)", [await findWaitingBackend()]);
    await eventually(() => aggregator.log().includes("batch is held"));
  });
  await eventually(hasCompleted(order.id));
  await expectExactCounters(pool, order.id);
});

test("fault 15: status-aggregator: killed half way through a batch, leaves it to the next one, which applies it once", async () => {
  const order = await insertOrder(pool, { quantity: 8, batchSize: 4 });
  await whileLocked(order.id, async () => {
    expect(await aggregator.end("SIGKILL")).toBe("SIGKILL");
  });
  expect(await readStatus(order.id)).toBe("pending");
  aggregator = await startServiceProcess("status-aggregator", variables);
  const redeliveredWithinMs = itemEventsConsumer.acknowledgeWaitMs + 15_000;
  await eventually(hasCompleted(order.id), { timeoutMs: redeliveredWithinMs });
  await expectExactCounters(pool, order.id);
}, 90_000);

test("status-aggregator: asked for its metrics, tells what it applied", async () => {
  const order = await insertOrder(pool, { quantity: 4, batchSize: 4 });
  await announce(historyOf(order));
  await eventually(hasCompleted(order.id));
  const metrics = await (await fetch(`${aggregator.url}/metrics`)).text();
  expect(metrics).toMatch(/^tirage_item_events_applied_total\{name="item.completed"\} [1-9]\d*$/m);
  expect(metrics).toMatch(/^tirage_item_transitions_total\{status="completed"\} [1-9]\d*$/m);
  expect(metrics).toMatch(/^tirage_item_event_lag_seconds_count \d+$/m);
});

test("status-aggregator: SIGTERM, ends with exit code 0", async () => {
  expect(await aggregator.end("SIGTERM")).toBe(0);
});
