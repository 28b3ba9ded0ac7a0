/**
 * Orders of seven while every fifth call brings one image less and of every tenth call all images are filtered.
 * `ORDERS` orders are placed, 20 unless said otherwise.
 */
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { falModel, listProducts, placeOrder, readLedgerTotals, readOrder, replicateModel } from "./order-request.ts";
import { controlSandbox, useStack } from "./start-stack.ts";

const orderCount = Number(process.env.ORDERS ?? 20);
const timeoutMs = 60_000 + orderCount * 1_000;

const stack = useStack(() => ({ environment: { PROVIDERS: "fal,replicate" } }));

async function waitForEnd(id: string) {
  return eventually(
    async () => {
      const order = await readOrder(stack().apiUrl, id);
      return ["completed", "failed", "cancelled"].includes(order.status) && order;
    },
    { timeoutMs },
  );
}

test(
  "POST /v1/orders: shortfall top_up beside short and filtered batches, every order of seven ends with seven products",
  async () => {
    await controlSandbox(stack(), {
      rules: [
        { fault: "fewer_images", every: 5 },
        { fault: "nsfw", every: 10, count: 8 },
      ],
    });
    const request = { prompt: "a lighthouse at dusk", quantity: 7, batchSize: 4, shortfall: "top_up" };
    const placed = await Promise.all(
      Array.from({ length: orderCount }, (_, position) =>
        placeOrder(stack().apiUrl, { ...(position % 2 === 0 ? falModel : replicateModel), ...request }),
      ),
    );

    let extraItems = 0;
    for (const { id } of placed) {
      const order = await waitForEnd(id);
      expect(order).toMatchObject({ status: "completed", partial: false });
      expect(order.progress.products).toEqual({ requested: 7, produced: 7 });
      const products = await listProducts(stack().apiUrl, id);
      expect(products).toHaveLength(7);
      expect(new Set(products.map(({ index }) => index)).size).toBe(7);
      extraItems += (order.progress.items.total ?? 0) - order.plan.generations;
    }
    expect(extraItems).toBeGreaterThan(0);
    const totals = await readLedgerTotals(stack().sandboxUrl);
    expect(totals.paidTwice).toBe(0);
    expect(totals.submissions).toBe(2 * orderCount + extraItems);
  },
  timeoutMs,
);
