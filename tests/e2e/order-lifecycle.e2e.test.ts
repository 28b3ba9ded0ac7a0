/** The main job through HTTP: four services, NATS, Postgres, the official provider clients, stored images. */
import { createHash } from "node:crypto";
import { eventually } from "@tirage/testkit";
import sharp from "sharp";
import { expect, test } from "vitest";
import {
  falModel,
  type ListedProduct,
  listProducts,
  placeOrder,
  readLedgerTotals,
  readOrder,
  replicateModel,
  tenImages,
} from "./order-request.ts";
import { controlSandbox, useStack } from "./start-stack.ts";

const stack = useStack(() => ({
  environment: { PROVIDERS: "fal,replicate,null", SANDBOX_MAX_IMAGE_EDGE_PX: "128" },
}));

async function fetchAndCheck(product: ListedProduct): Promise<string> {
  const response = await fetch(`${stack().apiUrl}${product.urls.content}`);
  expect(response.status).toBe(200);
  const bytes = Buffer.from(await response.arrayBuffer());
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect(sha256).toBe(product.sha256);
  expect(bytes.length).toBe(product.bytes);
  const { info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([product.width, product.height]);
  return sha256;
}

test.each([falModel, replicateModel])(
  "POST /v1/orders: ten images from $provider, ends with ten distinct stored products",
  async (model) => {
    const before = await readLedgerTotals(stack().sandboxUrl);
    const order = await placeOrder(stack().apiUrl, { ...model, ...tenImages }, 30);
    expect(order).toMatchObject({
      status: "completed",
      partial: false,
      plan: { generations: 3, batchSize: 4, lastBatchSize: 2, totalProducts: 10 },
    });
    const products = await listProducts(stack().apiUrl, order.id);
    expect(products.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(await Promise.all(products.map(fetchAndCheck))).size).toBe(10);
    const after = await readLedgerTotals(stack().sandboxUrl);
    expect((after.submissions ?? 0) - (before.submissions ?? 0)).toBe(3);
    expect(after.paidTwice).toBe(0);
  },
);

test("POST /v1/orders: a failing call and a short batch, ends partial and says why", async () => {
  await controlSandbox(stack(), {
    rules: [
      { fault: "policy", provider: "replicate", times: 1 },
      { fault: "fewer_images", provider: "replicate", skip: 1, times: 1 },
    ],
  });
  const order = await placeOrder(stack().apiUrl, { ...replicateModel, ...tenImages }, 30);
  await controlSandbox(stack(), { rules: [] });
  expect(order.status).toBe("completed");
  expect(order.partial).toBe(true);
  expect(order.progress.items.failed).toBe(1);
  expect(order.progress.products.produced).toBeLessThan(10);
  expect(await listProducts(stack().apiUrl, order.id)).toHaveLength(order.progress.products.produced);
});

test("POST /v1/orders: one generation beside an order of five thousand, does not wait for it", async () => {
  const noOp = { provider: "null", model: "null/no-op", prompt: "nothing" };
  const large = await placeOrder(stack().apiUrl, { ...noOp, generations: 5_000, batchSize: 1 });
  const small = await placeOrder(stack().apiUrl, { ...noOp, generations: 1 }, 30);
  expect(small.status).toBe("completed");
  const largeThen = await readOrder(stack().apiUrl, large.id);
  expect(largeThen.progress.items.completed).toBeLessThan(5_000);
  const ended = await eventually(
    async () => {
      const order = await readOrder(stack().apiUrl, large.id);
      return order.status === "completed" && order;
    },
    { timeoutMs: 60_000 },
  );
  expect(ended.progress).toMatchObject({ items: { completed: 5_000 }, products: { produced: 5_000 } });
});

test.each(["order-api", "dispatcher", "generator-1", "status-aggregator"])(
  "%s: stopped while orders run and started again, every order completes and nothing is bought twice",
  async (name) => {
    const service = stack().services.find((candidate) => candidate.name === name);
    if (!service) throw new Error(`${name} is part of the stack`);
    const before = await readLedgerTotals(stack().sandboxUrl);
    const orders = await Promise.all(
      [falModel, replicateModel].map((model) => placeOrder(stack().apiUrl, { ...model, ...tenImages })),
    );
    await service.stop();
    await service.start();
    for (const { id } of orders) {
      const ended = await eventually(
        async () => {
          const order = await readOrder(stack().apiUrl, id);
          return order.status === "completed" && order;
        },
        { timeoutMs: 60_000 },
      );
      expect(ended.progress.products.produced).toBe(10);
    }
    const after = await readLedgerTotals(stack().sandboxUrl);
    expect((after.submissions ?? 0) - (before.submissions ?? 0)).toBe(6);
  },
);
