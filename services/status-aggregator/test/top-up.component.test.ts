/** Extra items, retries and recounts through the store, over a real database. */
import { generationSeed, type OrderRow } from "@tirage/contracts";
import { createPool } from "@tirage/database";
import { createTestDatabase } from "@tirage/testkit";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRollupStore, rollupSessionSettings } from "../src/adapters/rollup-store.ts";
import { foldItemEvents, type ItemEvent } from "../src/domain/fold-item-events.ts";
import type { RollupStore, SettledOrders } from "../src/ports.ts";
import { insertOrder } from "./insert-order.ts";
import { cancelled, completed, failed, started } from "./item-events.ts";
import { expectExactCounters } from "./recount.ts";

const resources = new AsyncDisposableStack();
let pool: pg.Pool;
let store: RollupStore;

beforeAll(async () => {
  const database = resources.use(await createTestDatabase());
  pool = createPool({
    databaseUrl: database.url,
    applicationName: "top-up-test",
    max: 6,
    onError: () => undefined,
    sessionSettings: rollupSessionSettings,
  });
  resources.defer(() => pool.end());
  store = createRollupStore(pool);
});
afterAll(() => resources.disposeAsync());

const apply = (...events: readonly ItemEvent[]) => store.apply(foldItemEvents(events));
const insertToppedUp = () => insertOrder(pool, { quantity: 7, batchSize: 4, shortfall: "top_up" });

/** An order of 4 and 3 whose second batch came out short: one product is missing. */
async function runShort(): Promise<{ orderId: string; events: ItemEvent[]; result: SettledOrders }> {
  const { id: orderId } = await insertToppedUp();
  const events = [
    completed({ orderId, index: 0 }, { requested: 4, produced: 4 }),
    completed({ orderId, index: 1 }, { requested: 3, produced: 2 }),
  ];
  return { orderId, events, result: await apply(...events) };
}

async function readItems(orderId: string) {
  const { rows } = await pool.query(
    `SELECT index, status, attempt, batch_size AS "batchSize", total_quantity AS "totalQuantity", seed, error
     FROM order_items WHERE order_id = $1 ORDER BY index`,
    [orderId],
  );
  return rows;
}

function onlyOrder({ orders }: SettledOrders): OrderRow {
  const [order] = orders;
  if (!order || orders.length !== 1) throw new Error(`${orders.length} orders were spoken of`);
  return order;
}

describe("top-up", () => {
  it("given an order that would end one short, inserts an item of one and leaves it processing", async () => {
    const { orderId, result } = await runShort();
    expect(onlyOrder(result)).toMatchObject({ status: "processing", itemsTotal: 3, itemsPending: 1, version: 1 });
    expect(result.ended).toEqual([]);
    expect(result.topUps).toEqual([{ orderId, items: [{ index: 2, batchSize: 1 }] }]);
    expect((await readItems(orderId))[2]).toMatchObject({
      status: "pending",
      batchSize: 1,
      totalQuantity: 1,
      seed: generationSeed(7, 2),
    });
    await expectExactCounters(pool, orderId);
  });

  it("given the extra item's completion, ends the order with exactly what was asked", async () => {
    const { orderId } = await runShort();
    const result = await apply(completed({ orderId, index: 2 }, { requested: 1, produced: 1 }));
    expect(onlyOrder(result)).toMatchObject({ status: "completed", partial: false, productsProduced: 7, error: null });
    expect(result.topUps).toEqual([]);
    await expectExactCounters(pool, orderId);
  });

  it("given the same events again, inserts nothing and names the same extra items until one of them is begun", async () => {
    const { orderId, events, result } = await runShort();
    const again = await apply(...events);
    expect(again.topUps).toEqual(result.topUps);
    expect(again.orders).toEqual(result.orders);
    await apply(started({ orderId, index: 2 }));
    expect((await apply(...events)).topUps).toEqual([]);
    expect(await readItems(orderId)).toHaveLength(3);
  });

  it("given the events that end it in two stores at once, inserts the extra items once", async () => {
    const { id: orderId } = await insertToppedUp();
    const ends = [failed({ orderId, index: 0 }, "moderated"), failed({ orderId, index: 1 }, "no_outputs")];
    const stores = [...ends, ...ends].map((end) => ({ end, own: createRollupStore(pool) }));
    await Promise.all(stores.map(({ end, own }) => own.apply(foldItemEvents([end]))));
    const items = await readItems(orderId);
    expect(items.map(({ batchSize }) => batchSize)).toEqual([4, 3, 4, 3]);
    await expectExactCounters(pool, orderId);
  });

  it("given a cancel, a passed deadline or a failure that lasts, ends the order as it is", async () => {
    const asked = await insertToppedUp();
    await pool.query("INSERT INTO order_requests (order_id, kind, attempt) VALUES ($1, 'cancel', 1)", [asked.id]);
    const late = await insertToppedUp();
    await pool.query("UPDATE orders SET expires_at = now() - interval '1 second' WHERE id = $1", [late.id]);
    const lasting = await insertToppedUp();
    const stopped = await insertToppedUp();
    const first = (orderId: string) => completed({ orderId, index: 0 }, { requested: 4, produced: 4 });
    const short = (orderId: string) => completed({ orderId, index: 1 }, { requested: 3, produced: 1 });
    const result = await apply(
      ...[asked.id, late.id].flatMap((id) => [first(id), short(id)]),
      ...[first(lasting.id), failed({ orderId: lasting.id, index: 1 }, "outcome_unknown")],
      ...[short(stopped.id), cancelled({ orderId: stopped.id, index: 0 })],
    );
    expect(result.ended.map(({ status, partial }) => [status, partial])).toEqual(Array(4).fill(["completed", true]));
    expect(result.topUps).toEqual([]);
  });

  it("given only filtered batches, gives up after rounds in vain", async () => {
    const { id: orderId } = await insertToppedUp();
    let waiting = [0, 1];
    let result: SettledOrders | undefined;
    while (waiting.length > 0) {
      result = await apply(...waiting.map((index) => failed({ orderId, index }, "moderated")));
      waiting = result.topUps.flatMap(({ items }) => items.map(({ index }) => index));
    }
    expect(result && onlyOrder(result)).toMatchObject({
      status: "failed",
      itemsTotal: 8,
      error: { code: "moderated" },
    });
    await expectExactCounters(pool, orderId);
  });
});

describe("retry", () => {
  it("given failed and completed items, sets only the failed ones pending, once", async () => {
    const { id: orderId } = await insertOrder(pool, { quantity: 8, batchSize: 4 });
    await apply(completed({ orderId, index: 0 }, { requested: 4, produced: 4 }), failed({ orderId, index: 1 }));
    const retry = { orderId, attempt: 2, indexes: [0, 1] };
    const reopened = onlyOrder(await store.reopen(retry));
    expect(reopened).toMatchObject({ status: "processing", itemsPending: 1, itemsCompleted: 1, finishedAt: null });
    expect(await readItems(orderId)).toMatchObject([
      { status: "completed", attempt: 1 },
      { status: "pending", attempt: 2, error: null },
    ]);
    expect(onlyOrder(await store.reopen(retry))).toEqual(reopened);
    const result = await apply(completed({ orderId, index: 1, attempt: 2 }, { requested: 4, produced: 4 }));
    expect(onlyOrder(result)).toMatchObject({ status: "completed", partial: false, productsProduced: 8 });
    expect(onlyOrder(await store.reopen(retry))).toMatchObject({ status: "completed", productsProduced: 8 });
    await expectExactCounters(pool, orderId);
  });

  it("given items that the dispatcher was quicker with, leaves them as far as they are", async () => {
    const { id: orderId } = await insertOrder(pool, { quantity: 4, batchSize: 4 });
    await apply(failed({ orderId, index: 0 }));
    const running = onlyOrder(await apply(started({ orderId, index: 0, attempt: 2 })));
    expect(onlyOrder(await store.reopen({ orderId, attempt: 2, indexes: [0] }))).toEqual(running);
  });

  it("given events of a later attempt of a completed item, keeps its products as they are", async () => {
    const { id: orderId } = await insertOrder(pool, { quantity: 8, batchSize: 4 });
    await apply(completed({ orderId, index: 0 }, { requested: 4, produced: 4 }));
    const before = await apply(started({ orderId, index: 1 }));
    const after = await apply(completed({ orderId, index: 0, attempt: 2 }, { requested: 4, produced: 3 }));
    expect(onlyOrder(after)).toEqual(onlyOrder(before));
    const { rows } = await pool.query("SELECT attempt FROM products WHERE order_id = $1", [orderId]);
    expect(rows).toEqual(Array(4).fill({ attempt: 1 }));
  });

  it("given an order that is gone, does nothing", async () => {
    const gone = { orderId: crypto.randomUUID(), attempt: 2, indexes: [0] };
    expect(await store.reopen(gone)).toEqual({ orders: [], ended: [], topUps: [] });
  });
});

describe("recount", () => {
  it("given counters that went wrong, puts them right and ends the order", async () => {
    const { id: orderId } = await insertOrder(pool, { quantity: 8, batchSize: 4 });
    const ended = onlyOrder(
      await apply(...[0, 1].map((index) => completed({ orderId, index }, { requested: 4, produced: 4 }))),
    );
    await pool.query(
      `UPDATE orders SET status = 'processing', items_completed = 1, items_processing = 1, products_produced = 3,
         finished_at = NULL WHERE id = $1`,
      [orderId],
    );
    await pool.query("UPDATE order_items SET produced = 1 WHERE order_id = $1 AND index = 0", [orderId]);
    const result = await store.recount(orderId);
    expect(result.ended).toEqual([{ ...ended, version: ended.version + 1 }]);
    await expectExactCounters(pool, orderId);
  });

  it("given counters that are right, changes nothing and tells the order all the same", async () => {
    const { orderId, result } = await runShort();
    expect(await store.recount(orderId)).toEqual({ orders: result.orders, ended: [], topUps: result.topUps });
  });
});
