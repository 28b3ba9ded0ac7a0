/** The same random batches of events and retries to items in Postgres and to their model: both leave the same. */
import { createPool } from "@tirage/database";
import { createTestDatabase } from "@tirage/testkit";
import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRollupStore, rollupSessionSettings } from "../src/adapters/rollup-store.ts";
import { foldItemEvents, type ItemEvent } from "../src/domain/fold-item-events.ts";
import { insertOrder } from "./insert-order.ts";
import { cancelled, completed, failed, started } from "./item-events.ts";
import { type ItemModel, itemModel, type ModelItem } from "./item-model.ts";
import { expectExactCounters } from "./recount.ts";

const itemCount = 2;
const batchSize = 4;
const longestMs = 6_000;

const resources = new AsyncDisposableStack();
let pool: pg.Pool;

beforeAll(async () => {
  const databaseUrl = resources.use(await createTestDatabase()).url;
  const options = { databaseUrl, applicationName: "item-model", max: 2, onError: () => undefined };
  pool = resources.adopt(createPool({ ...options, sessionSettings: rollupSessionSettings }), (opened) => opened.end());
});
afterAll(() => resources.disposeAsync());

interface Told {
  readonly index: number;
  readonly attempt: number;
  readonly what: "started" | "completed" | "failed" | "cancelled";
  readonly produced: number;
}

function eventOf(orderId: string, { index, attempt, what, produced }: Told): ItemEvent {
  const of = { orderId, index, attempt };
  if (what === "completed") return completed(of, { requested: batchSize, produced });
  return { started, failed, cancelled }[what](of);
}

type Step =
  | { readonly events: readonly Told[] }
  | { readonly retry: { readonly attempt: number; readonly indexes: number[] } };

async function compare(rules: ItemModel, steps: readonly Step[]): Promise<void> {
  const store = createRollupStore(pool);
  const { id } = await insertOrder(pool, { quantity: itemCount * batchSize, batchSize });
  let model: ModelItem[] = Array.from({ length: itemCount }, () => ({ status: "pending", attempt: 1, produced: 0 }));
  for (const step of steps) {
    if ("retry" in step) {
      const { attempt, indexes } = step.retry;
      await store.reopen({ orderId: id, attempt, indexes });
      model = model.map((item, index) => (indexes.includes(index) ? rules.reopen(item, attempt) : item));
    } else {
      const transitions = foldItemEvents(step.events.map((told) => eventOf(id, told)));
      await store.apply(transitions);
      for (const transition of transitions) {
        model = model.map((item, index) => (index === transition.index ? rules.move(item, transition) : item));
      }
    }
    const { rows } = await pool.query<ModelItem>(
      "SELECT status, attempt, produced FROM order_items WHERE order_id = $1 ORDER BY index",
      [id],
    );
    expect(rows).toEqual(model);
  }
  await expectExactCounters(pool, id);
}

const index = fc.nat({ max: itemCount - 1 });
const attempt = fc.integer({ min: 1, max: 3 });
const told = fc.record<Told>({
  ...{ index, attempt, produced: fc.integer({ min: 1, max: batchSize }) },
  what: fc.constantFrom("started", "completed", "failed", "cancelled"),
});
const events = fc.array(told, { minLength: 1, maxLength: 4 }).map((batch): Step => ({ events: batch }));
const retry = fc
  .record({ attempt: fc.integer({ min: 2, max: 3 }), indexes: fc.uniqueArray(index, { minLength: 1 }) })
  .map((asked): Step => ({ retry: asked }));
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: events }, { weight: 1, arbitrary: retry }), { minLength: 1 });

/** A failure tells seed and path; with both, `fc.check` runs it again. */
const compareWith = (rules: ItemModel) =>
  fc.check(
    fc.asyncProperty(steps, (chosen) => compare(rules, chosen)),
    { numRuns: 150, interruptAfterTimeLimit: longestMs, endOnFailure: true },
  );

test("item model: any events and retries in any order, leaves what Postgres leaves", async () => {
  const details = await compareWith(itemModel);

  expect(details.errorInstance, `seed ${details.seed}, path ${details.counterexamplePath}`).toBeNull();
  expect(details.numRuns).toBeGreaterThan(10);
}, 60_000);

test("item model: with a rule that Postgres does not have, is found out", async () => {
  const careless: ItemModel = {
    ...itemModel,
    reopen: (_item, asked) => ({ status: "pending", attempt: asked, produced: 0 }),
  };

  expect((await compareWith(careless)).failed).toBe(true);
}, 60_000);
