import { setTimeout as delay } from "node:timers/promises";
import { isTerminal, type Order, type Product } from "@tirage/contracts";
import type { OrderChange, OrderFeed, OrderReader } from "../ports.ts";
import { createBell } from "./bell.ts";
import type { OrderHints } from "./order-hints.ts";

/** How late a change is noticed whose hint was lost. */
const readEveryMs = 2_000;
/** Changes that come faster are told as one. */
const atMostEveryMs = 100;
const productsAtOnce = 100;
/** How many of a tenant's newest orders are told first, and looked at for lost hints. */
const newestOrders = 100;
/** Orders that changed while a slow listener was busy. The newest orders are looked at anyway when there are more. */
const longestBacklog = 1_000;

/** Follows orders: hints say when to look, Postgres says what is. A state is read when it is asked for, and never kept. */
export function createOrderFeed(options: { readonly reader: OrderReader; readonly hints: OrderHints }): OrderFeed {
  return {
    followOrder: (order, signal) => followOrder(options, order, signal),
    followTenant: (tenantId, signal) => followTenant(options, tenantId, signal),
  };
}

interface FeedOptions {
  readonly reader: OrderReader;
  readonly hints: OrderHints;
}

async function* followOrder(
  { reader, hints }: FeedOptions,
  { tenantId, orderId }: { readonly tenantId: string; readonly orderId: string },
  signal: AbortSignal,
): AsyncGenerator<OrderChange, void, undefined> {
  const bell = createBell();
  using _hints = hints.listenToOrder(orderId, bell.ring);
  signal.addEventListener("abort", bell.ring, { once: true });
  const told = new Set<string>();
  let version = -1;
  while (!signal.aborted) {
    const order = await reader.findOrder(tenantId, orderId);
    if (!order) return;
    const hasChanged = order.version > version;
    if (hasChanged) yield { type: "order", order };
    version = Math.max(version, order.version);
    const hasEnded = isTerminal(order.status);
    if (hasEnded || (hasChanged && order.progress.products.produced > told.size)) {
      for await (const product of listUntold(reader, { tenantId, orderId }, told)) {
        yield { type: "product", product, version };
      }
    }
    if (hasEnded) {
      yield { type: "end", order };
      return;
    }
    await bell.wait(readEveryMs);
    if (!signal.aborted) await delay(atMostEveryMs);
  }
}

/** Only the ids of what was told are kept: 40,000 at most, as many as an order can produce. */
async function* listUntold(
  reader: OrderReader,
  { tenantId, orderId }: { readonly tenantId: string; readonly orderId: string },
  told: Set<string>,
): AsyncGenerator<Product, void, undefined> {
  let after: { index: number; id: string } | undefined;
  while (true) {
    const { data, nextCursor } = await reader.listProducts(tenantId, orderId, { limit: productsAtOnce, after });
    for (const product of data) {
      if (told.has(product.id)) continue;
      told.add(product.id);
      yield product;
    }
    after = data.at(-1);
    if (nextCursor === null || after === undefined) return;
  }
}

async function* followTenant(
  { reader, hints }: FeedOptions,
  tenantId: string,
  signal: AbortSignal,
): AsyncGenerator<Order, void, undefined> {
  const bell = createBell();
  const changed = new Set<string>();
  using _hints = hints.listenToTenant(tenantId, (orderId) => {
    if (changed.size < longestBacklog) changed.add(orderId);
    bell.ring();
  });
  signal.addEventListener("abort", bell.ring, { once: true });
  const versions = createVersions();
  let looksAgainAt = 0;
  while (!signal.aborted) {
    const orderIds = [...changed];
    changed.clear();
    for (const orderId of orderIds) {
      const order = await reader.findOrder(tenantId, orderId);
      if (order && versions.isNew(order)) yield order;
    }
    if (performance.now() >= looksAgainAt) {
      const { data } = await reader.listOrders(tenantId, {}, { limit: newestOrders });
      for (const order of data.toReversed()) if (versions.isNew(order)) yield order;
      looksAgainAt = performance.now() + readEveryMs;
    }
    await bell.wait(Math.max(0, looksAgainAt - performance.now()));
    if (!signal.aborted) await delay(atMostEveryMs);
  }
}

/** The versions that were told of the orders that changed last; one that is forgotten may be told again. */
function createVersions() {
  const versions = new Map<string, number>();
  return {
    isNew({ id, version }: Order): boolean {
      const known = versions.get(id);
      versions.delete(id);
      versions.set(id, Math.max(version, known ?? version));
      for (const oldest of versions.keys()) {
        if (versions.size <= longestBacklog) break;
        versions.delete(oldest);
      }
      return known === undefined || version > known;
    },
  };
}
