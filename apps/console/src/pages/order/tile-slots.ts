/** Which tile shows which product, so that a tile never moves once it is there. Pure. */
import type { Product } from "@tirage/client";

export interface TileSlot {
  /** Position in the order, from 0. */
  readonly position: number;
  /** Index of the item that is to fill it. */
  readonly itemIndex: number;
  readonly product: Product | undefined;
}

const itemsTogether = 50;

/**
 * How many of the first items tell the state of every slot that is empty: none once all images are there. In steps, so that
 * the list is not read anew for each image that lands.
 */
export function countItemsOfSlots(slots: readonly TileSlot[]): number {
  const last = slots.findLast(({ product }) => !product);
  return last ? Math.ceil((last.itemIndex + 1) / itemsTogether) * itemsTogether : 0;
}

/**
 * A slot for each planned image, up to `count`. A product stands at its own place; one of a further call, which was made
 * because an earlier one brought too few, stands at the first place that nobody fills.
 */
export function fillSlots(
  products: readonly Product[],
  { totalProducts, batchSize }: { readonly totalProducts: number; readonly batchSize: number },
  count: number,
): TileSlot[] {
  const isPlanned = ({ index }: Product) => index < totalProducts;
  const own = new Map(products.filter(isPlanned).map((product) => [product.index, product]));
  const further = products.filter((product) => !isPlanned(product));
  return Array.from({ length: Math.min(totalProducts, count) }, (_, position) => ({
    position,
    itemIndex: Math.floor(position / batchSize),
    product: own.get(position) ?? further.shift(),
  }));
}
