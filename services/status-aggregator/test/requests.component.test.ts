/** Retries, recounts and top-ups in the aggregator's own process, between a real broker and a real database. */
import {
  itemCompleted,
  itemEventsConsumer,
  orderCompleted,
  orderRecountRequested,
  orderRetryRequested,
  orderTopUpRequested,
  orderUpdated,
  type PayloadOf,
} from "@tirage/contracts";
import { createPool } from "@tirage/database";
import { applyTopology, type Broker, connectBroker, publish, watchSubject } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { createTestDatabase, eventually, startServiceProcess, startTestNats } from "@tirage/testkit";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRollupStore } from "../src/adapters/rollup-store.ts";
import { foldItemEvents, type ItemEvent } from "../src/domain/fold-item-events.ts";
import type { RollupStore } from "../src/ports.ts";
import { insertOrder } from "./insert-order.ts";
import { completed, failed } from "./item-events.ts";
import { expectExactCounters } from "./recount.ts";

const resources = new AsyncDisposableStack();
let broker: Broker;
let pool: pg.Pool;
let store: RollupStore;
const updated: PayloadOf<typeof orderUpdated>[] = [];
const ended: PayloadOf<typeof orderCompleted>[] = [];
const topUps: PayloadOf<typeof orderTopUpRequested>[] = [];

beforeAll(async () => {
  const nats = resources.use(await startTestNats());
  const database = resources.use(await createTestDatabase());
  pool = createPool({ databaseUrl: database.url, applicationName: "test", max: 4, onError: () => undefined });
  resources.defer(() => pool.end());
  store = createRollupStore(pool);
  const options = { servers: [nats.url], service: "status-aggregator-test", logger: silentLogger };
  broker = resources.use(await connectBroker(options));
  await applyTopology(broker, [itemEventsConsumer]);
  resources.use(watchSubject(broker, "order.updated.>", orderUpdated, (payload) => updated.push(payload)));
  resources.use(watchSubject(broker, "order.completed.>", orderCompleted, (payload) => ended.push(payload)));
  resources.use(
    watchSubject(broker, "order.top_up_requested.>", orderTopUpRequested, (payload) => topUps.push(payload)),
  );
  resources.use(await startServiceProcess("status-aggregator", { NATS_URL: nats.url, DATABASE_URL: database.url }));
});
afterAll(() => resources.disposeAsync());

const apply = (...events: readonly ItemEvent[]) => store.apply(foldItemEvents(events));
const lastUpdateOf = (orderId: string) => updated.findLast((payload) => payload.orderId === orderId);

test("order.retry_requested: a failed and a completed item, the failed one is pending again and the order told", async () => {
  const { id: orderId } = await insertOrder(pool, { quantity: 8, batchSize: 4 });
  await apply(completed({ orderId, index: 0 }, { requested: 4, produced: 4 }), failed({ orderId, index: 1 }));

  await publish(broker, orderRetryRequested.create({ orderId, attempt: 2, indexes: [0, 1] }));

  const { progress, status } = await eventually(() => lastUpdateOf(orderId));
  expect(status).toBe("processing");
  expect(progress.items).toMatchObject({ pending: 1, completed: 1, failed: 0 });
  await expectExactCounters(pool, orderId);
});

test("order.recount_requested: all items ended but the order has not, it ends and that is told", async () => {
  const { id: orderId } = await insertOrder(pool, { quantity: 4, batchSize: 4 });
  await apply(completed({ orderId, index: 0 }, { requested: 4, produced: 4 }));
  await pool.query(
    `UPDATE orders SET status = 'processing', items_completed = 0, items_processing = 1, products_produced = 0,
       finished_at = NULL WHERE id = $1`,
    [orderId],
  );

  await publish(broker, orderRecountRequested.create({ orderId, epoch: 1 }));

  const { order } = await eventually(() => ended.find((payload) => payload.orderId === orderId));
  expect(order.progress.products.produced).toBe(4);
  await expectExactCounters(pool, orderId);
});

test("fault 15: item events: extra items stored by an aggregator that died before it told of them, are told by the next", async () => {
  const { id: orderId } = await insertOrder(pool, { quantity: 4, batchSize: 4, shortfall: "top_up" });
  const event = completed({ orderId, index: 0 }, { requested: 4, produced: 1 });
  if (event.name !== "item.completed") throw new Error("the event is a completion");
  await apply(event);

  await publish(broker, itemCompleted.create(event.payload));

  const { items } = await eventually(() => topUps.find((payload) => payload.orderId === orderId));
  expect(items).toEqual([{ index: 1, batchSize: 3 }]);
  expect(ended.some((payload) => payload.orderId === orderId)).toBe(false);
  await expectExactCounters(pool, orderId);
});
