/** What must be true once everything is healed and quiet, asked of the public API and of the sandbox's ledger. */
import { createHash } from "node:crypto";
import type { PromisedOrder } from "./customers.ts";

interface Item {
  status: string;
  produced: number;
  recovery?: string | null;
  error: { code: string } | null;
}
interface Product {
  index: number;
  sha256: string;
  urls: { content: string };
}
interface Order {
  id: string;
  status: string;
  progress: { items: Record<string, number>; products: { requested: number; produced: number } };
}

export interface Findings {
  readonly violations: string[];
  readonly orders: Record<string, number>;
  readonly items: Record<string, number>;
  /** Codes of failed items. */
  readonly failures: Record<string, number>;
  /** How unknown outcomes were decided. */
  readonly recoveries: Record<string, number>;
  readonly products: number;
}

const timeoutMs = 20_000;
const count = (counts: Record<string, number>, key: string) => {
  counts[key] = (counts[key] ?? 0) + 1;
};

export async function getJson<Body>(url: string): Promise<Body> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Body;
}

async function listAll<Row>(url: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: { data: Row[]; nextCursor: string | null } = await getJson(
      `${url}?limit=500${cursor ? `&cursor=${cursor}` : ""}`,
    );
    rows.push(...page.data);
    cursor = page.nextCursor;
  }
  return rows;
}

/** Ids of promised orders that have not ended. */
export async function openOrders(apiUrl: string, promised: readonly PromisedOrder[]): Promise<string[]> {
  const open: string[] = [];
  for (const { id } of promised) {
    const { status } = await getJson<Order>(`${apiUrl}/v1/orders/${id}`);
    if (status === "pending" || status === "processing") open.push(id);
  }
  return open;
}

async function checkOrder(apiUrl: string, { id, generations }: PromisedOrder, findings: Findings): Promise<void> {
  const { violations } = findings;
  const order = await getJson<Order>(`${apiUrl}/v1/orders/${id}`);
  const items = await listAll<Item>(`${apiUrl}/v1/orders/${id}/items`);
  const products = await listAll<Product>(`${apiUrl}/v1/orders/${id}/products`);
  count(findings.orders, order.status);
  for (const item of items) {
    count(findings.items, item.status);
    if (item.error) count(findings.failures, item.error.code);
    if (item.recovery) count(findings.recoveries, item.recovery);
  }
  if (order.status === "pending" || order.status === "processing") violations.push(`${id} has not ended`);
  if (items.length !== generations) violations.push(`${id} has ${items.length} items for ${generations} generations`);
  const statuses = Object.groupBy(items, ({ status }) => status);
  for (const status of ["completed", "failed", "cancelled", "pending", "processing"]) {
    const counted = order.progress.items[status];
    const listed = statuses[status]?.length ?? 0;
    if (counted !== listed) violations.push(`${id} counts ${counted} ${status} items and lists ${listed}`);
  }
  const produced = items.reduce((sum, item) => sum + item.produced, 0);
  if (produced !== products.length || order.progress.products.produced !== produced) {
    const counted = order.progress.products.produced;
    violations.push(`${id} counts ${counted} products, its items ${produced}, and lists ${products.length}`);
  }
  for (const product of products) {
    const response = await fetch(`${apiUrl}${product.urls.content}`, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.status !== 200) violations.push(`product ${product.index} of ${id} answers ${response.status}`);
    const sha256 = createHash("sha256")
      .update(Buffer.from(await response.arrayBuffer()))
      .digest("hex");
    if (sha256 !== product.sha256) violations.push(`product ${product.index} of ${id} is not what was stored`);
  }
}

/** Checks everything that the customers were promised. */
export async function examine(
  { apiUrl, sandboxUrl }: { apiUrl: string; sandboxUrl: string },
  promised: readonly PromisedOrder[],
): Promise<Findings & { totals: Record<string, number> }> {
  const findings = { violations: [], orders: {}, items: {}, failures: {}, recoveries: {}, products: 0 } as Findings;
  for (const order of promised) await checkOrder(apiUrl, order, findings);
  const { totals } = await getJson<{ totals: Record<string, number> }>(`${sandboxUrl}/__ledger?limit=0`);
  if (totals.paidTwice !== 0) findings.violations.push(`${totals.paidTwice} submissions were paid twice`);
  const queues = await getJson<{ data: { name: string; depth: number; inFlight: number }[] }>(`${apiUrl}/v1/queues`);
  for (const { name, depth, inFlight } of queues.data) {
    if (depth + inFlight > 0)
      findings.violations.push(`${name} still holds ${depth} waiting and ${inFlight} in flight`);
  }
  return { ...findings, totals };
}
