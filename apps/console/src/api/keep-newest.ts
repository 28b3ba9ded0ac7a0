/** What several sources tell of the same order, in any order, comes to one truth. Pure. */
import type { Order, Product } from "@tirage/client";

/** Versions only rise: an answer that was overtaken on its way changes nothing. */
export const keepNewestOrder = (kept: Order | undefined, told: Order): Order =>
  kept && kept.id === told.id && kept.version > told.version ? kept : told;

/** Products are never taken back, so whatever was told of them holds. By their place in the order. */
export function mergeProducts(kept: readonly Product[], told: readonly Product[]): Product[] {
  const byId = new Map([...kept, ...told].map((product) => [product.id, product]));
  return [...byId.values()].sort((left, right) => left.index - right.index);
}
