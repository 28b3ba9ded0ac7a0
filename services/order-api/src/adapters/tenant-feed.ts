import { setTimeout as delay } from "node:timers/promises";
import type { Order } from "@tirage/contracts";
import { beforeOrder } from "../domain/event-id.ts";
import type { OrderDeletion, OrderFeed, TenantChange } from "../ports.ts";
import { createBell } from "./bell.ts";
import { type FeedSources, feedPace, listUntold } from "./feed-sources.ts";
import { createToldOrders, type ToldOrders } from "./told-orders.ts";

/** How many of a tenant's newest orders are told first. */
const newestOrders = 100;
/** Orders that changed while a slow listener was busy. What recently changed is looked at anyway when there are more. */
const longestBacklog = 1_000;
/** Looked at so long back for lost hints, and told again to who resumes: commits take time, and clocks differ. */
const overlapMs = 10_000;
/** Above the index of any product: Postgres keeps it in 32 bits. */
const afterAllProducts = 2 ** 31 - 1;

type Changes = AsyncGenerator<TenantChange, void, undefined>;

interface Listener {
  readonly reader: FeedSources["reader"];
  readonly told: ToldOrders;
  readonly withProducts: boolean;
}

/** Follows all orders of a tenant: see `OrderFeed`. */
export async function* followTenant(
  { reader, hints }: FeedSources,
  { tenantId, toldUntil: resumedAt, withProducts }: Parameters<OrderFeed["followTenant"]>[0],
  signal: AbortSignal,
): Changes {
  const bell = createBell();
  const changed = new Set<string>();
  using _hints = hints.listenToTenant(tenantId, (orderId) => {
    if (changed.size < longestBacklog) changed.add(orderId);
    bell.ring();
  });
  signal.addEventListener("abort", bell.ring, { once: true });
  const listener: Listener = { reader, withProducts, told: createToldOrders(longestBacklog) };
  let toldUntil = resumedAt ?? 0;
  let looksAgainAt = 0;
  if (resumedAt === undefined) {
    toldUntil = Date.now();
    yield* tellNewest(listener, tenantId);
  }
  while (!signal.aborted) {
    const beganAt = Date.now();
    const orderIds = [...changed];
    changed.clear();
    for (const orderId of orderIds) {
      const order = await reader.findOrder(tenantId, orderId);
      const deletion = order ? undefined : await reader.findDeletion(tenantId, orderId);
      yield* order ? tellOrder(listener, order, toldUntil) : tellDeletion(listener, deletion, toldUntil);
    }
    if (performance.now() >= looksAgainAt) {
      yield* tellRecent(listener, tenantId, toldUntil);
      looksAgainAt = performance.now() + feedPace.readEveryMs;
    }
    toldUntil = Math.max(toldUntil, beganAt);
    await bell.wait(Math.max(0, looksAgainAt - performance.now()));
    if (!signal.aborted) await delay(feedPace.atMostEveryMs);
  }
}

/** What is there when somebody begins to listen: products come from here on. */
async function* tellNewest({ reader, told }: Listener, tenantId: string): Changes {
  const { data } = await reader.listOrders(tenantId, {}, { limit: newestOrders });
  for (const order of data.toReversed()) {
    told.isNew(order);
    told.noteProduct(order.id, { version: order.version, index: afterAllProducts });
    yield { type: "order", order, toldUntil: 0 };
  }
}

/** What changed of late, also where no hint came. */
async function* tellRecent(listener: Listener, tenantId: string, toldUntil: number): Changes {
  const since = new Date(toldUntil - overlapMs);
  for (const order of await listener.reader.listOrdersSince(tenantId, since)) {
    yield* tellOrder(listener, order, toldUntil);
  }
  for (const deletion of await listener.reader.listDeletionsSince(tenantId, since)) {
    yield* tellDeletion(listener, deletion, toldUntil);
  }
}

/** The order if it has changed, and then the products that came with it. */
async function* tellOrder({ reader, told, withProducts }: Listener, order: Order, toldUntil: number): Changes {
  if (!told.isNew(order)) return;
  yield { type: "order", order, toldUntil };
  if (!withProducts) return;
  const after = told.lastProduct(order.id);
  // Of an order that is not known here, only time tells which products were told before.
  const range = after ? { after } : { after: beforeOrder.product, createdAfter: new Date(toldUntil - overlapMs) };
  for await (const { product, position } of listUntold(reader, order.id, range)) {
    told.noteProduct(order.id, position);
    yield { type: "product", product, toldUntil };
  }
}

function* tellDeletion(
  { told }: Listener,
  deletion: OrderDeletion | undefined,
  toldUntil: number,
): Generator<TenantChange, void, undefined> {
  if (deletion && told.isNew({ id: deletion.id, version: afterAll })) yield { type: "deleted", deletion, toldUntil };
}

/** The version of an order that was deleted: nothing that was read of it before is told any more. */
const afterAll = Number.POSITIVE_INFINITY;
