import type { OrderRow } from "@tirage/contracts";
import { batchSizeOf, itemIdOf, productIdOf } from "@tirage/contracts";
import { createPool } from "@tirage/database";
import { createTestDatabase } from "@tirage/testkit";
import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRollupStore, rollupSessionSettings } from "../src/adapters/rollup-store.ts";
import { foldItemEvents, type ItemEvent } from "../src/domain/fold-item-events.ts";
import type { RollupStore } from "../src/ports.ts";
import { insertOrder, type TestOrder } from "./insert-order.ts";
import { cancelled, completed, createOrderId, failed, instantAt, started } from "./item-events.ts";
import { expectExactCounters } from "./recount.ts";

const resources = new AsyncDisposableStack();
let pool: pg.Pool;
let store: RollupStore;

beforeAll(async () => {
  const database = resources.use(await createTestDatabase());
  pool = createPool({
    databaseUrl: database.url,
    applicationName: "rollup-store-test",
    max: 6,
    onError: () => undefined,
    sessionSettings: rollupSessionSettings,
  });
  resources.defer(() => pool.end());
  store = createRollupStore(pool);
});
afterAll(() => resources.disposeAsync());

const apply = (...events: readonly ItemEvent[]) => store.apply(foldItemEvents(events));

/** The present state of the only order that the events speak of. */
async function applyToOne(...events: readonly ItemEvent[]): Promise<OrderRow> {
  const { orders } = await apply(...events);
  const [order] = orders;
  if (!order || orders.length !== 1) throw new Error(`the events speak of ${orders.length} orders`);
  return order;
}

async function readItem(orderId: string, index: number) {
  const { rows } = await pool.query(
    `SELECT status, attempt, produced, batches_completed AS "batchesCompleted", worker_id AS "workerId", error,
       provider_request_id AS "providerRequestId", started_at AS "startedAt", finished_at AS "finishedAt",
       stored_at AS "storedAt"
     FROM order_items WHERE id = $1`,
    [itemIdOf(orderId, index)],
  );
  return rows[0];
}

async function readProducts(orderId: string) {
  const { rows } = await pool.query(
    `SELECT id, index, attempt, output_index AS "outputIndex", order_item_id AS "itemId" FROM products
     WHERE order_id = $1 ORDER BY index, attempt`,
    [orderId],
  );
  return rows;
}

/** Every item completed in full. */
function completions({ id: orderId, plan }: TestOrder): ItemEvent[] {
  return Array.from({ length: plan.generations }, (_, index) => {
    const requested = batchSizeOf(plan, index);
    return completed({ orderId, index, at: 10 + index }, { requested, produced: requested });
  });
}

describe("rollup store", () => {
  it("given the completions of ten products in three calls, ends the order with ten products in their places", async () => {
    const order = await insertOrder(pool, { quantity: 10, batchSize: 4 });
    const starts = [0, 1, 2].map((index) => started({ orderId: order.id, index, at: 3 - index }));
    const result = await apply(...starts, ...completions(order));
    expect(result.ended).toEqual(result.orders);
    expect(result.ended[0]).toMatchObject({ status: "completed", partial: false, version: 1, error: null });
    expect(result.ended[0]).toMatchObject({ startedAt: new Date(instantAt(1)), finishedAt: new Date(instantAt(12)) });
    const products = await readProducts(order.id);
    expect(products.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const lastItem = itemIdOf(order.id, 2);
    expect(products[9]).toMatchObject({
      id: productIdOf(lastItem, 1, 1),
      itemId: lastItem,
      outputIndex: 1,
      attempt: 1,
    });
    await expectExactCounters(pool, order.id);
  });

  it("given a completion, writes what it knows into the item", async () => {
    const { id: orderId } = await insertOrder(pool, { quantity: 4, batchSize: 4 });
    await apply(started({ orderId, index: 0, at: 1 }));
    await apply(completed({ orderId, index: 0, at: 2, workerId: "worker-2" }, { requested: 4, produced: 3 }));
    const times = {
      startedAt: new Date(instantAt(1)),
      storedAt: new Date(instantAt(2)),
      finishedAt: new Date(instantAt(2)),
    };
    expect(await readItem(orderId, 0)).toEqual({
      status: "completed",
      attempt: 1,
      produced: 3,
      batchesCompleted: 1,
      workerId: "worker-2",
      error: null,
      providerRequestId: `request-${itemIdOf(orderId, 0)}-1`,
      ...times,
    });
  });

  it("given the same batch twice, changes nothing and tells the same order again", async () => {
    const order = await insertOrder(pool, { quantity: 10, batchSize: 4 });
    const events = [...completions(order).slice(0, 2), failed({ orderId: order.id, index: 2 })];
    const first = await apply(...events);
    const again = await apply(...events);
    expect(again.orders).toEqual(first.orders);
    expect(again.made).toEqual([]);
    expect(again.ended).toEqual([]);
    await expectExactCounters(pool, order.id);
  });

  it("given a start after the completion, keeps the end and learns when it started", async () => {
    const order = await insertOrder(pool, { quantity: 4, batchSize: 4 });
    const ended = await applyToOne(...completions(order));
    const after = await applyToOne(started({ orderId: order.id, index: 0, at: 2 }));
    expect(after).toEqual(ended);
    const item = await readItem(order.id, 0);
    expect(item).toMatchObject({ status: "completed", produced: 4, startedAt: new Date(instantAt(2)) });
    expect(item?.providerRequestId).toContain("request-");
  });

  it("given a second terminal event of the same attempt, lets the first stand", async () => {
    const order = await insertOrder(pool, { quantity: 4, batchSize: 4 });
    const ended = await applyToOne(cancelled({ orderId: order.id, index: 0 }));
    expect(await applyToOne(...completions(order))).toEqual(ended);
    expect(await readProducts(order.id)).toEqual([]);
    expect(await readItem(order.id, 0)).toMatchObject({ status: "cancelled", produced: 0 });
  });

  it("given a higher attempt, raises the item and opens the order again", async () => {
    const { id: orderId } = await insertOrder(pool, { quantity: 4, batchSize: 4 });
    await apply(failed({ orderId, index: 0 }));
    const reopened = await applyToOne(started({ orderId, index: 0, attempt: 2, at: 5 }));
    expect(reopened).toMatchObject({ status: "processing", error: null, finishedAt: null, version: 2, itemsFailed: 0 });
    expect(await readItem(orderId, 0)).toMatchObject({
      attempt: 2,
      status: "processing",
      error: null,
      finishedAt: null,
    });
    const ended = await applyToOne(completed({ orderId, index: 0, attempt: 2, at: 9 }, { requested: 4, produced: 4 }));
    expect(ended).toMatchObject({ status: "completed", partial: false, version: 3 });
    await expectExactCounters(pool, orderId);
  });

  it("given events of a lower attempt than the item's, changes nothing", async () => {
    const { id: orderId } = await insertOrder(pool, { quantity: 4, batchSize: 4 });
    const present = await applyToOne(started({ orderId, index: 0, attempt: 2 }));
    expect(await applyToOne(completed({ orderId, index: 0 }, { requested: 4, produced: 4 }))).toEqual(present);
    expect(await readItem(orderId, 0)).toMatchObject({ attempt: 2, status: "processing", produced: 0 });
    expect(await readProducts(orderId)).toEqual([]);
  });

  it("given a partial batch, ends the order partial and tells how many products there are", async () => {
    const { id: orderId } = await insertOrder(pool, { quantity: 4, batchSize: 4 });
    const ended = await applyToOne(completed({ orderId, index: 0 }, { requested: 4, produced: 3 }));
    expect(ended).toMatchObject({ status: "completed", partial: true, productsProduced: 3 });
    expect(ended.error).toMatchObject({ code: "partial_batch", message: "3 of 4 products" });
  });

  it("given failures in several batches, ends the order with the failure of the lowest index", async () => {
    const { id: orderId } = await insertOrder(pool, { quantity: 3, batchSize: 1 });
    await apply(failed({ orderId, index: 1, at: 20 }, "second"));
    await apply(failed({ orderId, index: 0, at: 10 }, "first"));
    const ended = await applyToOne(failed({ orderId, index: 2, at: 5 }, "third"));
    expect(ended).toMatchObject({ status: "failed", error: { code: "first" }, finishedAt: new Date(instantAt(20)) });
    await expectExactCounters(pool, orderId);
  });

  it("given events of an order that does not exist, drops them and applies the rest", async () => {
    const order = await insertOrder(pool, { quantity: 4, batchSize: 4 });
    const missing = createOrderId();
    const result = await apply(failed({ orderId: missing, index: 0 }), ...completions(order));
    expect(result.missingOrderIds).toEqual([missing]);
    expect(result.orders.map(({ id }) => id)).toEqual([order.id]);
  });

  it("given a batch that fails half way, applies none of it", async () => {
    const order = await insertOrder(pool, { quantity: 4, batchSize: 4 });
    const [transition] = foldItemEvents(completions(order));
    if (!transition) throw new Error("the order has an item");
    const outputs = transition.outputs.map((output) => ({ ...output, contentType: "image/\u0000" }));
    await expect(store.apply([{ ...transition, outputs }])).rejects.toThrow();
    expect(await readItem(order.id, 0)).toMatchObject({ status: "pending" });
    await expectExactCounters(pool, order.id);
  });

  it("fault 16: given histories shuffled, repeated, split at random and applied by three stores at once, counts exactly", async () => {
    const orders = await Promise.all([1, 2, 3, 4].map(() => insertOrder(pool, { quantity: 22, batchSize: 4 })));
    const events = orders.flatMap((order) => [
      ...completions(order).map((completion, index) =>
        index % 5 === 3 ? failed({ orderId: order.id, index, at: 10 + index }) : completion,
      ),
      ...[0, 1, 2, 3, 4, 5].map((index) => started({ orderId: order.id, index, at: 1 + index })),
    ]);
    await fc.assert(
      fc.asyncProperty(shuffledBatches([...events, ...events, ...events]), (batches) => applyByThree(batches)),
      { numRuns: 1 },
    );
    for (const order of orders) {
      await expectExactCounters(pool, order.id);
      const present = await applyToOne(started({ orderId: order.id, index: 0, at: 1 }));
      expect(present).toMatchObject({ status: "completed", partial: true, itemsCompleted: 5, itemsFailed: 1 });
      expect(present).toMatchObject({ productsProduced: 18, finishedAt: new Date(instantAt(15)) });
      expect(await readProducts(order.id)).toHaveLength(18);
    }
  });

  it("given any events at all, keeps the counters equal to a recount after every batch", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 40 }), fc.nat(), async (kinds, cut) => {
        const order = await insertOrder(pool, { quantity: 12, batchSize: 4 });
        const events = kinds.map((make) => make(order.id));
        const middle = cut % events.length;
        for (const batch of [events.slice(0, middle), events.slice(middle)]) {
          if (batch.length > 0) await apply(...batch);
          await expectExactCounters(pool, order.id);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** Any event of any of three items, in any of three attempts. */
const anyEvent = fc
  .record({
    index: fc.nat(2),
    attempt: fc.integer({ min: 1, max: 3 }),
    at: fc.nat(100),
    produced: fc.nat(4),
    kind: fc.constantFrom("started", "completed", "failed", "cancelled"),
  })
  .map(({ produced, kind, ...place }) => (orderId: string): ItemEvent => {
    const attempt = { orderId, ...place };
    if (kind === "completed") return completed(attempt, { requested: 4, produced });
    if (kind === "failed") return failed(attempt);
    return kind === "started" ? started(attempt) : cancelled(attempt);
  });

/** The events in any order, cut into batches of 1 to 12. */
function shuffledBatches(events: readonly ItemEvent[]) {
  return fc
    .record({
      arrivals: fc.shuffledSubarray([...events], { minLength: events.length }),
      sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: events.length, maxLength: events.length }),
    })
    .map(({ arrivals, sizes }) => {
      const batches: ItemEvent[][] = [];
      for (let from = 0; from < arrivals.length; from += batches.at(-1)?.length ?? 0) {
        batches.push(arrivals.slice(from, from + (sizes[batches.length] ?? 1)));
      }
      return batches;
    });
}

/** Each store takes the next batch as soon as it is done with one, as three replicas of the aggregator do. */
async function applyByThree(batches: readonly ItemEvent[][]): Promise<void> {
  const waiting = [...batches];
  const work = async () => {
    const ownStore = createRollupStore(pool);
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) await ownStore.apply(foldItemEvents(batch));
  };
  await Promise.all([work(), work(), work()]);
}

it("late events of a deleted order: bring nothing back, and leave their blobs to the sweep", async () => {
  const orderId = createOrderId();
  await pool.query("INSERT INTO deleted_orders (id, tenant_id, storage_keys) VALUES ($1, 'local', '{}')", [orderId]);
  const event = completed({ orderId, index: 0 }, { requested: 2, produced: 2 });

  const { made, orders, missingOrderIds } = await apply(event);

  expect({ made, orders, missingOrderIds }).toEqual({ made: [], orders: [], missingOrderIds: [orderId] });
  expect(await readProducts(orderId)).toEqual([]);
  const { rows } = await pool.query("SELECT storage_keys AS keys FROM deleted_orders WHERE id = $1", [orderId]);
  const outputs = "outputs" in event.payload ? event.payload.outputs : [];
  expect(rows[0].keys).toEqual(outputs.map(({ storageKey }) => storageKey));
  expect(outputs).toHaveLength(2);
});
