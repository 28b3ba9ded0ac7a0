import { setTimeout as delay } from "node:timers/promises";
import { isTerminal, type Order } from "@tirage/contracts";
import { isTransientDatabaseError } from "@tirage/database";
import { beforeOrder, type OrderFeedPosition } from "../domain/event-id.ts";
import type { OrderChange, OrderDeletion, OrderFeed, OrderReader, ProductSince, TenantChange } from "../ports.ts";
import { createBell } from "./bell.ts";
import type { OrderHints } from "./order-hints.ts";
import { shareReads } from "./share-reads.ts";

/** How late a change is noticed whose hint was lost. */
const readEveryMs = 2_000;
/** Changes that come faster are told as one. */
const atMostEveryMs = 100;
const productsAtOnce = 100;
const readAttempts = 4;
/** How many of a tenant's newest orders are told first. */
const newestOrders = 100;
/** Orders that changed while a slow listener was busy. What recently changed is looked at anyway when there are more. */
const longestBacklog = 1_000;
/** Looked at so long back for lost hints, and told again to who resumes: commits take time, and clocks differ. */
const overlapMs = 10_000;

/** Follows orders: hints say when to look, Postgres says what is. A state is read when it is asked for, and never kept. */
export function createOrderFeed({ reader, hints }: FeedOptions): OrderFeed {
  const shareOrder = shareReads<Order | undefined>();
  const shareProducts = shareReads<ProductSince[]>();
  const shared: SharedReader = {
    findOrder(tenantId, orderId) {
      return shareOrder(`${tenantId} ${orderId}`, () => readPatiently(() => reader.findOrder(tenantId, orderId)));
    },
    listProductsSince(orderId, after, limit) {
      const key = `${orderId} ${after.version} ${after.index}`;
      return shareProducts(key, () => readPatiently(() => reader.listProductsSince(orderId, after, limit)));
    },
    listOrders: (...request) => readPatiently(() => reader.listOrders(...request)),
    listOrdersSince: (...request) => readPatiently(() => reader.listOrdersSince(...request)),
    findDeletion: (...request) => readPatiently(() => reader.findDeletion(...request)),
    listDeletionsSince: (...request) => readPatiently(() => reader.listDeletionsSince(...request)),
  };
  return {
    followOrder: (order, signal) => followOrder({ reader: shared, hints }, order, signal),
    followTenant: (tenant, signal) => followTenant({ reader: shared, hints }, tenant, signal),
  };
}

/** A database that is busy or restarts is no reason to send every follower away at once, to come back at once. */
async function readPatiently<Answer>(read: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt === readAttempts || !isTransientDatabaseError(error)) throw error;
      await delay(readEveryMs);
    }
  }
}

/** Those who follow one order look at the same moments. */
type SharedReader = Pick<
  OrderReader,
  "findOrder" | "listProductsSince" | "listOrders" | "listOrdersSince" | "findDeletion" | "listDeletionsSince"
>;

interface FeedOptions<Reader = OrderReader> {
  readonly reader: Reader;
  readonly hints: OrderHints;
}

async function* followOrder(
  { reader, hints }: FeedOptions<SharedReader>,
  { tenantId, orderId, after = beforeOrder }: Parameters<OrderFeed["followOrder"]>[0],
  signal: AbortSignal,
): AsyncGenerator<OrderChange, void, undefined> {
  const bell = createBell();
  using _hints = hints.listenToOrder(orderId, bell.ring);
  signal.addEventListener("abort", bell.ring, { once: true });
  let position = after;
  let isFirst = true;
  while (!signal.aborted) {
    const order = await reader.findOrder(tenantId, orderId);
    if (!order) {
      const deletion = await reader.findDeletion(tenantId, orderId);
      if (deletion) yield { type: "deleted", deletion, position };
      return;
    }
    // Nobody can have been told more than there is: the id is none of ours.
    if (isFirst && order.version < position.version) position = beforeOrder;
    const hasChanged = order.version > position.version;
    if (hasChanged) {
      position = { ...position, version: order.version };
      yield { type: "order", order, position };
    }
    if (hasChanged || isFirst) {
      for await (const { product, position: last } of listUntold(reader, orderId, position.product)) {
        position = { ...position, product: last };
        yield { type: "product", product, position };
      }
    }
    isFirst = false;
    if (isTerminal(order.status)) {
      yield { type: "end", order, position };
      return;
    }
    await bell.wait(readEveryMs);
    if (!signal.aborted) await delay(atMostEveryMs);
  }
}

async function* listUntold(
  reader: SharedReader,
  orderId: string,
  after: OrderFeedPosition["product"],
): AsyncGenerator<ProductSince, void, undefined> {
  let last = after;
  while (true) {
    const products = await reader.listProductsSince(orderId, last, productsAtOnce);
    yield* products;
    last = products.at(-1)?.position ?? last;
    if (products.length < productsAtOnce) return;
  }
}

async function* followTenant(
  { reader, hints }: FeedOptions<SharedReader>,
  { tenantId, toldUntil: resumedAt }: Parameters<OrderFeed["followTenant"]>[0],
  signal: AbortSignal,
): AsyncGenerator<TenantChange, void, undefined> {
  const bell = createBell();
  const changed = new Set<string>();
  using _hints = hints.listenToTenant(tenantId, (orderId) => {
    if (changed.size < longestBacklog) changed.add(orderId);
    bell.ring();
  });
  signal.addEventListener("abort", bell.ring, { once: true });
  const versions = createVersions();
  let toldUntil = resumedAt ?? 0;
  let looksAgainAt = 0;
  const tell = function* (orders: readonly Order[]): Generator<TenantChange, void, undefined> {
    for (const order of orders) if (versions.isNew(order)) yield { type: "order", order, toldUntil };
  };
  const tellDeleted = function* (deletions: readonly OrderDeletion[]): Generator<TenantChange, void, undefined> {
    for (const deletion of deletions) {
      if (versions.isNew({ id: deletion.id, version: afterAll })) yield { type: "deleted", deletion, toldUntil };
    }
  };
  if (resumedAt === undefined) {
    const beganAt = Date.now();
    const { data } = await reader.listOrders(tenantId, {}, { limit: newestOrders });
    yield* tell(data.toReversed());
    toldUntil = beganAt;
  }
  while (!signal.aborted) {
    const beganAt = Date.now();
    const orderIds = [...changed];
    changed.clear();
    for (const orderId of orderIds) {
      const order = await reader.findOrder(tenantId, orderId);
      const deletion = order ? undefined : await reader.findDeletion(tenantId, orderId);
      yield* order ? tell([order]) : tellDeleted(deletion ? [deletion] : []);
    }
    if (performance.now() >= looksAgainAt) {
      const since = new Date(toldUntil - overlapMs);
      yield* tell(await reader.listOrdersSince(tenantId, since));
      yield* tellDeleted(await reader.listDeletionsSince(tenantId, since));
      looksAgainAt = performance.now() + readEveryMs;
    }
    toldUntil = Math.max(toldUntil, beganAt);
    await bell.wait(Math.max(0, looksAgainAt - performance.now()));
    if (!signal.aborted) await delay(atMostEveryMs);
  }
}

/** The version of an order that was deleted: nothing that was read of it before is told any more. */
const afterAll = Number.POSITIVE_INFINITY;

/** The versions that were told of the orders that changed last; one that is forgotten may be told again. */
function createVersions() {
  const versions = new Map<string, number>();
  return {
    isNew({ id, version }: Pick<Order, "id" | "version">): boolean {
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
