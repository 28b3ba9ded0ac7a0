/** Seeds are unsigned 32-bit: the widest range that every catalogued model takes and JSON keeps exactly. */
import { z } from "zod";

const seedValues = 0x1_0000_0000;

export const seed = z
  .int()
  .min(0)
  .max(seedValues - 1);

/**
 * The seed of generation `index` of an order: the order's seed plus the index, wrapping at 2^32. Never the same for two
 * generations of one order, and the same again when the order's seed is given again.
 */
export function generationSeed(orderSeed: number, index: number): number {
  return (orderSeed + index) % seedValues;
}
