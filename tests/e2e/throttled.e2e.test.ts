/** A provider that asks for pauses, and one whose account is refused: nothing fails, and the other goes on. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalStack, startLocalStack } from "@tirage/local-stack";
import { eventually } from "@tirage/testkit";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { falModel, placeOrder, readLedgerTotals, readOrder, replicateModel, untilEnded } from "./order-request.ts";

let stack: LocalStack;
let dataDirectory: string;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "tirage-throttled-"));
  const environment = { ...process.env, SANDBOX_MAX_IMAGE_EDGE_PX: "64", SANDBOX_LATENCY_MS: "100" };
  stack = await startLocalStack({ dataDirectory, environment, provider: "sandbox" });
}, 120_000);
afterAll(async () => {
  await stack.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}, 60_000);
afterEach(() => control({ rules: [] }));

async function control(body: object): Promise<void> {
  const response = await fetch(`${stack.sandboxUrl}/__control`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

const ended = (id: string) => untilEnded(stack.apiUrl, id);

test("fault 35: every tenth submit to fal is answered 429 with Retry-After 2, nothing fails and Replicate ends long before", async () => {
  await control({ rules: [{ fault: "rate_limited", provider: "fal", every: 10, retryAfterSeconds: 2 }] });
  const before = await readLedgerTotals(stack.sandboxUrl ?? "");
  const fal = await placeOrder(stack.apiUrl, { ...falModel, prompt: "throttled", generations: 40 });
  const replicate = await placeOrder(stack.apiUrl, { ...replicateModel, prompt: "not throttled", generations: 40 });

  await ended(replicate.id);
  expect((await readOrder(stack.apiUrl, fal.id)).status).toBe("processing");
  const all = { items: { completed: 40, failed: 0 } };
  expect((await ended(fal.id)).progress).toMatchObject(all);
  expect((await readOrder(stack.apiUrl, replicate.id)).progress).toMatchObject(all);
  const after = await readLedgerTotals(stack.sandboxUrl ?? "");
  expect((after.submissions ?? 0) - (before.submissions ?? 0)).toBe(80);
  expect(after.paidTwice).toBe(0);
}, 120_000);

test("POST /v1/orders: the account is refused at first, the order waits for it to be mended and nothing fails", async () => {
  await control({ rules: [{ fault: "payment_required", provider: "fal" }] });
  const order = await placeOrder(stack.apiUrl, { ...falModel, prompt: "unpaid", generations: 3 });
  const isPaused = async () => {
    const response = await fetch(`${stack.apiUrl}/v1/queues`);
    const { data } = (await response.json()) as { data: { name: string; pausedUntil?: string | null }[] };
    return data.find(({ name }) => name === "generator-work-fal")?.pausedUntil;
  };
  await eventually(isPaused, { timeoutMs: 20_000 });
  await control({ rules: [] });
  expect((await ended(order.id)).progress.items).toMatchObject({ completed: 3, failed: 0 });
}, 120_000);
