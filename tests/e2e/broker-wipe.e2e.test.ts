/** The broker loses all it had stored while generations run: Postgres and the ledger are enough to go on. */
import { eventually, startTestNats, type TestNats } from "@tirage/testkit";
import { afterAll, expect, test } from "vitest";
import { falModel, placeOrder, readLedgerTotals, readOrder, replicateModel } from "./order-request.ts";
import { useStack } from "./start-stack.ts";

/** "Within 60 s of its return", issue 3. */
const recoveryMs = 60_000;

const resources = new AsyncDisposableStack();
// Before the stack is asked for: hooks run backwards, and the broker ends after those who use it.
afterAll(() => resources.disposeAsync());
let nats: TestNats;
const stack = useStack(async () => {
  nats = resources.use(await startTestNats());
  return { environment: { NATS_URL: nats.url } };
});

test("fault 21: NATS killed and its data wiped with 60 generations under way, all complete and none is bought twice", async () => {
  const body = { prompt: "a lighthouse at dusk", generations: 30, batchSize: 1 };
  const orders = await Promise.all(
    [falModel, replicateModel].map((model) => placeOrder(stack().apiUrl, { ...model, ...body })),
  );
  await eventually(async () => ((await readLedgerTotals(stack().sandboxUrl)).submissions ?? 0) >= 10, {
    timeoutMs: 20_000,
  });
  await nats.kill9();
  await nats.restart({ wipe: true });
  const returnedAt = performance.now();
  for (const { id } of orders) {
    const ended = await eventually(
      async () => {
        const order = await readOrder(stack().apiUrl, id);
        return order.status === "completed" && order;
      },
      { timeoutMs: recoveryMs },
    );
    expect(ended).toMatchObject({ partial: false, progress: { items: { completed: 30 }, products: { produced: 30 } } });
  }
  expect(performance.now() - returnedAt).toBeLessThan(recoveryMs);
  expect(await readLedgerTotals(stack().sandboxUrl)).toMatchObject({ submissions: 60, paidTwice: 0 });
}, 180_000);
