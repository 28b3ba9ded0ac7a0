/**
 * Orders of seven while every fifth call brings one image less and of every tenth call all images are filtered.
 * `ORDERS` orders are placed, 20 unless said otherwise.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalStack, startLocalStack } from "@tirage/local-stack";
import { eventually } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { falModel, listProducts, placeOrder, readLedgerTotals, readOrder, replicateModel } from "./order-request.ts";

const orderCount = Number(process.env.ORDERS ?? 20);
const timeoutMs = 60_000 + orderCount * 1_000;

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

async function waitForEnd(id: string) {
  return eventually(
    async () => {
      const order = await readOrder(stack.apiUrl, id);
      return ["completed", "failed", "cancelled"].includes(order.status) && order;
    },
    { timeoutMs },
  );
}

test(
  "POST /v1/orders: shortfall top_up beside short and filtered batches, every order of seven ends with seven products",
  async () => {
    await setRules([
      { fault: "fewer_images", every: 5 },
      { fault: "nsfw", every: 10, count: 8 },
    ]);
    const request = { prompt: "a lighthouse at dusk", quantity: 7, batchSize: 4, shortfall: "top_up" };
    const placed = await Promise.all(
      Array.from({ length: orderCount }, (_, position) =>
        placeOrder(stack.apiUrl, { ...(position % 2 === 0 ? falModel : replicateModel), ...request }),
      ),
    );

    let extraItems = 0;
    for (const { id } of placed) {
      const order = await waitForEnd(id);
      expect(order).toMatchObject({ status: "completed", partial: false });
      expect(order.progress.products).toEqual({ requested: 7, produced: 7 });
      const products = await listProducts(stack.apiUrl, id);
      expect(products).toHaveLength(7);
      expect(new Set(products.map(({ index }) => index)).size).toBe(7);
      extraItems += (order.progress.items.total ?? 0) - order.plan.generations;
    }
    expect(extraItems).toBeGreaterThan(0);
    const totals = await readLedgerTotals(sandboxUrl);
    expect(totals.paidTwice).toBe(0);
    expect(totals.submissions).toBe(2 * orderCount + extraItems);
  },
  timeoutMs,
);
