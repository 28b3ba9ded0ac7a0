/** Retries through HTTP: what failed runs again, what completed does not, and nobody pays for it twice. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalStack, startLocalStack } from "@tirage/local-stack";
import { eventually } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  falModel,
  listProducts,
  placeOrder,
  readLedgerTotals,
  readOrder,
  replicateModel,
  tenImages,
} from "./order-request.ts";

let stack: LocalStack;
let sandboxUrl: string;
let dataDirectory: string;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "tirage-e2e-"));
  stack = await startLocalStack({
    dataDirectory,
    environment: { ...process.env, PROVIDERS: "fal,replicate", SANDBOX_MAX_IMAGE_EDGE_PX: "64" },
    provider: "sandbox",
  });
  if (!stack.sandboxUrl) throw new Error("the stack was asked for a sandbox");
  sandboxUrl = stack.sandboxUrl;
}, 120_000);
afterAll(async () => {
  await stack.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}, 60_000);

async function setRules(rules: object[]): Promise<void> {
  const response = await fetch(`${sandboxUrl}/__control`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ rules }),
  });
  expect(response.ok, await response.text()).toBe(true);
}

async function retry(id: string): Promise<number> {
  const options = { method: "POST", signal: AbortSignal.timeout(10_000) };
  return (await fetch(`${stack.apiUrl}/v1/orders/${id}/retry`, options)).status;
}

const readSubmissions = async () => (await readLedgerTotals(sandboxUrl)).submissions ?? 0;

test.each([falModel, replicateModel])(
  "POST /v1/orders/{id}/retry: one of three calls of $provider was refused, asked five times at once, that call alone runs again",
  async (model) => {
    await setRules([{ fault: "policy", times: 1 }]);
    const order = await placeOrder(stack.apiUrl, { ...model, ...tenImages }, 30);
    expect(order).toMatchObject({ status: "completed", partial: true, progress: { items: { failed: 1 } } });
    await setRules([]);
    const before = await readSubmissions();

    const statuses = await Promise.all([1, 2, 3, 4, 5].map(() => retry(order.id)));

    // Whoever asks after the order was opened again hears that it has not ended.
    expect(statuses).toContain(202);
    expect(statuses.every((status) => status === 202 || status === 409)).toBe(true);
    const ended = await eventually(
      async () => {
        const present = await readOrder(stack.apiUrl, order.id);
        return present.progress.items.completed === 3 && present;
      },
      { timeoutMs: 30_000 },
    );
    expect(ended).toMatchObject({ status: "completed", partial: false });
    expect(ended.progress.products).toEqual({ requested: 10, produced: 10 });
    const products = await listProducts(stack.apiUrl, order.id);
    expect(products.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await readSubmissions()) - before).toBe(1);
    expect(await retry(order.id)).toBe(409);
  },
);
