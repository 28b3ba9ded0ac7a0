/** What the feeds of one order and of all orders have in common. */
import type { OrderReader, ProductRange, ProductSince } from "../ports.ts";
import type { OrderHints } from "./order-hints.ts";

export const feedPace = {
  /** How late a change is noticed whose hint was lost. */
  readEveryMs: 2_000,
  /** Changes that come faster are told as one. */
  atMostEveryMs: 100,
} as const;

const productsAtOnce = 100;

/** Those who follow one order look at the same moments. */
export type FeedReader = Pick<
  OrderReader,
  "findOrder" | "listProductsSince" | "listOrders" | "listOrdersSince" | "findDeletion" | "listDeletionsSince"
>;

export interface FeedSources<Reader = FeedReader> {
  readonly reader: Reader;
  readonly hints: OrderHints;
}

/** All products of the order within the range, read as the loop asks for them. */
export async function* listUntold(
  reader: FeedReader,
  orderId: string,
  range: ProductRange,
): AsyncGenerator<ProductSince, void, undefined> {
  let { after } = range;
  while (true) {
    const products = await reader.listProductsSince(orderId, { ...range, after }, productsAtOnce);
    yield* products;
    after = products.at(-1)?.position ?? after;
    if (products.length < productsAtOnce) return;
  }
}
