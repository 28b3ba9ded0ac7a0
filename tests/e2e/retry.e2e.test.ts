/** Retries through HTTP: what failed runs again, what completed does not, and nobody pays for it twice. */
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import {
  falModel,
  listProducts,
  placeOrder,
  readLedgerTotals,
  readOrder,
  replicateModel,
  tenImages,
} from "./order-request.ts";
import { controlSandbox, useStack } from "./start-stack.ts";

const stack = useStack(() => ({ environment: { PROVIDERS: "fal,replicate" } }));

async function retry(id: string): Promise<number> {
  const options = { method: "POST", signal: AbortSignal.timeout(10_000) };
  return (await fetch(`${stack().apiUrl}/v1/orders/${id}/retry`, options)).status;
}

const readSubmissions = async () => (await readLedgerTotals(stack().sandboxUrl)).submissions ?? 0;

test.each([falModel, replicateModel])(
  "POST /v1/orders/{id}/retry: one of three calls of $provider was refused, asked five times at once, that call alone runs again",
  async (model) => {
    await controlSandbox(stack(), { rules: [{ fault: "policy", times: 1 }] });
    const order = await placeOrder(stack().apiUrl, { ...model, ...tenImages }, 30);
    expect(order).toMatchObject({ status: "completed", partial: true, progress: { items: { failed: 1 } } });
    await controlSandbox(stack(), { rules: [] });
    const before = await readSubmissions();

    const statuses = await Promise.all([1, 2, 3, 4, 5].map(() => retry(order.id)));

    // Whoever asks after the order was opened again hears that it has not ended.
    expect(statuses).toContain(202);
    expect(statuses.every((status) => status === 202 || status === 409)).toBe(true);
    const ended = await eventually(
      async () => {
        const present = await readOrder(stack().apiUrl, order.id);
        return present.progress.items.completed === 3 && present;
      },
      { timeoutMs: 30_000 },
    );
    expect(ended).toMatchObject({ status: "completed", partial: false });
    expect(ended.progress.products).toEqual({ requested: 10, produced: 10 });
    const products = await listProducts(stack().apiUrl, order.id);
    expect(products.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await readSubmissions()) - before).toBe(1);
    expect(await retry(order.id)).toBe(409);
  },
);
