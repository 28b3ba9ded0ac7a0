/** What a provider fails in passing is tried again by itself, within bounds, whatever becomes of the broker meanwhile. */
import { streams } from "@tirage/contracts";
import { connectBroker, listSubjects } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { eventually, startTestNats, type TestNats } from "@tirage/testkit";
import { afterAll, beforeEach, expect, test } from "vitest";
import { falModel, placeOrder, readLedgerTotals, replicateModel, untilEnded } from "./order-request.ts";
import { controlSandbox, useStack } from "./start-stack.ts";

const resources = new AsyncDisposableStack();
// Before the stack is asked for: hooks run backwards, and the broker ends after those who use it.
afterAll(() => resources.disposeAsync());
let nats: TestNats;
const stack = useStack(async () => {
  nats = resources.use(await startTestNats());
  return { environment: { NATS_URL: nats.url, SANDBOX_LATENCY_MS: "50" } };
});
beforeEach(async () => {
  await fetch(`${stack().sandboxUrl}/__ledger`, { method: "DELETE" });
});

interface ListedItem {
  readonly status: string;
  readonly attempt: number;
  readonly outcome: string | null;
  readonly error: { readonly code: string } | null;
}

async function listItems(id: string): Promise<ListedItem[]> {
  const response = await fetch(`${stack().apiUrl}/v1/orders/${id}/items?limit=100`);
  return ((await response.json()) as { data: ListedItem[] }).data;
}

const post = (path: string) =>
  fetch(`${stack().apiUrl}${path}`, { method: "POST", signal: AbortSignal.timeout(10_000) });

/** How many generations wait for their time. */
async function countPostponed(): Promise<number> {
  await using broker = await connectBroker({ servers: [nats.url], service: "dispatcher", logger: silentLogger });
  return (await listSubjects(broker, streams.later, "later.>")).length;
}

const order = (model: object, changes: object = {}) =>
  placeOrder(stack().apiUrl, { ...model, prompt: "a lighthouse at dusk", generations: 1, ...changes });

test.each([
  { model: falModel, failures: 2, attempt: 3 },
  { model: replicateModel, failures: 1, attempt: 2 },
])(
  "a job that $model.provider fails in passing $failures times, completes at attempt $attempt and is charged once",
  async ({ model, failures, attempt }) => {
    await controlSandbox(stack(), { rules: [{ fault: "job_failed", times: failures }] });
    const { id } = await order(model);
    expect((await untilEnded(stack().apiUrl, id)).status).toBe("completed");
    expect(await listItems(id)).toMatchObject([{ status: "completed", attempt }]);
    expect(await readLedgerTotals(stack().sandboxUrl)).toMatchObject({ submissions: attempt, billed: 1, paidTwice: 0 });
  },
  60_000,
);

test("a job that fal fails in passing each time, fails after three calls; one that it refuses, after one", async () => {
  await controlSandbox(stack(), { rules: [{ fault: "job_failed" }] });
  const failing = await order(falModel);
  expect((await untilEnded(stack().apiUrl, failing.id)).status).toBe("failed");
  expect(await listItems(failing.id)).toMatchObject([{ attempt: 3, error: { code: "provider_failed" } }]);
  expect(await readLedgerTotals(stack().sandboxUrl)).toMatchObject({ submissions: 3, billed: 0 });

  await controlSandbox(stack(), { rules: [{ fault: "policy" }] });
  const refused = await order(falModel, { prompt: "a refused one" });
  expect((await untilEnded(stack().apiUrl, refused.id)).status).toBe("failed");
  expect(await listItems(refused.id)).toMatchObject([{ attempt: 1, error: { code: "moderated" } }]);
  expect(await readLedgerTotals(stack().sandboxUrl)).toMatchObject({ submissions: 4 });
}, 60_000);

test("an order is cancelled while its next attempt waits, that attempt is not started; retried, it is run and completes", async () => {
  await controlSandbox(stack(), { rules: [{ fault: "job_failed", times: 1 }] });
  const { id } = await order(falModel);
  await eventually(async () => (await countPostponed()) === 1, { timeoutMs: 20_000, intervalMs: 20 });
  expect((await post(`/v1/orders/${id}/cancel`)).status).toBe(202);
  expect((await untilEnded(stack().apiUrl, id)).status).toBe("cancelled");
  expect(await listItems(id)).toMatchObject([{ status: "cancelled", attempt: 2, outcome: "not_started" }]);
  expect(await countPostponed()).toBe(0);

  expect((await post(`/v1/orders/${id}/retry`)).status).toBe(202);
  await eventually(async () => (await listItems(id))[0]?.status === "completed", { timeoutMs: 20_000 });
  expect(await readLedgerTotals(stack().sandboxUrl)).toMatchObject({ submissions: 2, billed: 1 });
}, 60_000);

test("fault 21: the broker's data is wiped while next attempts wait, each goes on at that attempt and completes", async () => {
  await controlSandbox(stack(), { rules: [{ fault: "job_failed", times: 10 }] });
  const { id } = await order(falModel, { generations: 10, batchSize: 1 });
  await eventually(async () => (await readLedgerTotals(stack().sandboxUrl)).submissions === 10, { timeoutMs: 20_000 });
  await eventually(async () => (await countPostponed()) >= 8, { timeoutMs: 20_000, intervalMs: 20 });
  await nats.kill9();
  await nats.restart({ wipe: true });
  expect((await untilEnded(stack().apiUrl, id)).progress.items).toMatchObject({ completed: 10, failed: 0 });
  expect((await listItems(id)).every(({ attempt }) => attempt === 2)).toBe(true);
  expect(await readLedgerTotals(stack().sandboxUrl)).toMatchObject({ submissions: 20, billed: 10, paidTwice: 0 });
}, 120_000);
