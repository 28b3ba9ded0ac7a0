import { setTimeout as delay } from "node:timers/promises";
import { isTerminal, type Order } from "@tirage/contracts";
import { isTransientDatabaseError } from "@tirage/database";
import { beforeOrder } from "../domain/event-id.ts";
import type { OrderChange, OrderFeed, OrderReader, ProductSince } from "../ports.ts";
import { createBell } from "./bell.ts";
import { type FeedReader, type FeedSources, feedPace, listUntold } from "./feed-sources.ts";
import { shareReads } from "./share-reads.ts";
import { followTenant } from "./tenant-feed.ts";

const readAttempts = 4;

/** Follows orders: hints say when to look, Postgres says what is. A state is read when it is asked for, and never kept. */
export function createOrderFeed({ reader, hints }: FeedSources<OrderReader>): OrderFeed {
  const shareOrder = shareReads<Order | undefined>();
  const shareProducts = shareReads<ProductSince[]>();
  const shared: FeedReader = {
    findOrder(tenantId, orderId) {
      return shareOrder(`${tenantId} ${orderId}`, () => readPatiently(() => reader.findOrder(tenantId, orderId)));
    },
    listProductsSince(orderId, range, limit) {
      const { after, createdAfter } = range;
      const key = `${orderId} ${after.version} ${after.index} ${createdAfter?.getTime()}`;
      return shareProducts(key, () => readPatiently(() => reader.listProductsSince(orderId, range, limit)));
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
      await delay(feedPace.readEveryMs);
    }
  }
}

async function* followOrder(
  { reader, hints }: FeedSources,
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
      for await (const { product, position: last } of listUntold(reader, orderId, { after: position.product })) {
        position = { ...position, product: last };
        yield { type: "product", product, position };
      }
    }
    isFirst = false;
    if (isTerminal(order.status)) {
      yield { type: "end", order, position };
      return;
    }
    await bell.wait(feedPace.readEveryMs);
    if (!signal.aborted) await delay(feedPace.atMostEveryMs);
  }
}
