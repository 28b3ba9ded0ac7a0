import { createHash } from "node:crypto";
import type { CheckedOrder } from "./check-orders.ts";

/** Orders that are placed together, under a key of their own. */
export interface Chunk {
  readonly orders: readonly CheckedOrder[];
  readonly key: string;
}

/** What the API takes at once: orders, their calls, and the bytes of the body. */
export const chunkLimits = { orders: 100, generations: 50_000, bytes: 240_000 } as const;

/**
 * Cuts the orders into chunks, the same on every run, and derives the key of each from `key` and its position: a run
 * that was killed goes on where it was, and a file that was changed under the same key is refused and not bought anew.
 * Without a key, the orders themselves are it: the same orders are placed once, others are others.
 */
export function chunkOrders(orders: readonly CheckedOrder[], key = keyOfOrders(orders)): Chunk[] {
  const chunks: CheckedOrder[][] = [];
  let room = { orders: 0, generations: 0, bytes: 0 };
  for (const order of orders) {
    const { generations } = order.quote;
    const bytes = Buffer.byteLength(JSON.stringify(order.request)) + 1;
    if (room.orders < 1 || room.generations < generations || room.bytes < bytes) {
      chunks.push([]);
      room = { ...chunkLimits };
    }
    chunks.at(-1)?.push(order);
    room = { orders: room.orders - 1, generations: room.generations - generations, bytes: room.bytes - bytes };
  }
  return chunks.map((chunk, position) => ({ orders: chunk, key: `${key}/${position + 1}` }));
}

function keyOfOrders(orders: readonly CheckedOrder[]): string {
  const hash = createHash("sha256");
  for (const { request } of orders) hash.update(JSON.stringify(request)).update("\n");
  return `file-${hash.digest("hex").slice(0, 40)}`;
}
