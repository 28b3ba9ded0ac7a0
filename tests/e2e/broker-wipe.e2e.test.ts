/** The broker loses all it had stored while generations run: Postgres and the ledger are enough to go on. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalStack, startLocalStack } from "@tirage/local-stack";
import { eventually, startTestNats, type TestNats } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { falModel, placeOrder, readLedgerTotals, readOrder, replicateModel } from "./order-request.ts";

/** "Within 60 s of its return", issue 3. */
const recoveryMs = 60_000;

let nats: TestNats;
let stack: LocalStack;
let dataDirectory: string;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "tirage-e2e-"));
  nats = await startTestNats();
  stack = await startLocalStack({
    dataDirectory,
    environment: { ...process.env, NATS_URL: nats.url, SANDBOX_MAX_IMAGE_EDGE_PX: "64" },
    provider: "sandbox",
  });
}, 120_000);
afterAll(async () => {
  await stack.stop();
  await nats[Symbol.asyncDispose]();
  await rm(dataDirectory, { recursive: true, force: true });
}, 60_000);

const sandboxUrl = () => {
  if (!stack.sandboxUrl) throw new Error("the stack was asked for a sandbox");
  return stack.sandboxUrl;
};

test("fault 21: NATS killed and its data wiped with 60 generations under way, all complete and none is bought twice", async () => {
  const body = { prompt: "a lighthouse at dusk", generations: 30, batchSize: 1 };
  const orders = await Promise.all(
    [falModel, replicateModel].map((model) => placeOrder(stack.apiUrl, { ...model, ...body })),
  );
  await eventually(async () => ((await readLedgerTotals(sandboxUrl())).submissions ?? 0) >= 10, { timeoutMs: 20_000 });
  await nats.kill9();
  await nats.restart({ wipe: true });
  const returnedAt = performance.now();
  for (const { id } of orders) {
    const ended = await eventually(
      async () => {
        const order = await readOrder(stack.apiUrl, id);
        return order.status === "completed" && order;
      },
      { timeoutMs: recoveryMs },
    );
    expect(ended).toMatchObject({ partial: false, progress: { items: { completed: 30 }, products: { produced: 30 } } });
  }
  expect(performance.now() - returnedAt).toBeLessThan(recoveryMs);
  expect(await readLedgerTotals(sandboxUrl())).toMatchObject({ submissions: 60, paidTwice: 0 });
}, 180_000);
