/** The public API, as a customer calls it. */
import { eventually } from "@tirage/testkit";
import { expect } from "vitest";

export interface PlacedOrder {
  id: string;
  status: string;
  partial: boolean;
  traceId: string | null;
  plan: { generations: number; batchSize: number; lastBatchSize: number; totalProducts: number };
  progress: { items: Record<string, number>; products: { requested: number; produced: number } };
}

export interface ListedProduct {
  id: string;
  index: number;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  contentType: string;
  urls: { content: string };
}

export const tenImages = { prompt: "a lighthouse at dusk", quantity: 10, batchSize: 4 } as const;
export const falModel = { provider: "fal", model: "fal-ai/flux/schnell" } as const;
export const replicateModel = { provider: "replicate", model: "black-forest-labs/flux-schnell" } as const;

/** Places an order; `waitSeconds` is how long the API may hold the answer until the order has ended. */
export async function placeOrder(apiUrl: string, body: object, waitSeconds = 0): Promise<PlacedOrder> {
  const response = await fetch(`${apiUrl}/v1/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(waitSeconds > 0 && { prefer: `wait=${waitSeconds}` }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout((waitSeconds + 10) * 1_000),
  });
  const answer = await response.json();
  expect(response.status, JSON.stringify(answer)).toBe(201);
  return answer as PlacedOrder;
}

export async function readOrder(apiUrl: string, id: string): Promise<PlacedOrder> {
  const response = await fetch(`${apiUrl}/v1/orders/${id}`, { signal: AbortSignal.timeout(10_000) });
  expect(response.status).toBe(200);
  return (await response.json()) as PlacedOrder;
}

/** The order once it has ended. */
export function untilEnded(apiUrl: string, id: string, timeoutMs = 60_000): Promise<PlacedOrder> {
  return eventually(
    async () => {
      const order = await readOrder(apiUrl, id);
      return !["pending", "processing"].includes(order.status) && order;
    },
    { timeoutMs },
  );
}

export async function listProducts(apiUrl: string, id: string): Promise<ListedProduct[]> {
  const response = await fetch(`${apiUrl}/v1/orders/${id}/products?limit=100`, { signal: AbortSignal.timeout(10_000) });
  expect(response.status).toBe(200);
  return ((await response.json()) as { data: ListedProduct[] }).data;
}

export async function readLedgerTotals(sandboxUrl: string): Promise<Record<string, number>> {
  const response = await fetch(`${sandboxUrl}/__ledger?limit=1`, { signal: AbortSignal.timeout(10_000) });
  return ((await response.json()) as { totals: Record<string, number> }).totals;
}
