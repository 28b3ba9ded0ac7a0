import { batchSizeOf, type Plan } from "@tirage/contracts";
import { formatCount, formatWhole } from "../../components/format.ts";

const mostSummands = 8;

/** "3 generations × 4 per batch = 12 images; the last asks 2 → 10 images". */
export function describeTotal({ generations, batchSize, lastBatchSize, totalProducts }: Plan): string {
  const full = generations * batchSize;
  const product = `${formatCount(generations, "generation")} × ${formatWhole(batchSize)} per batch = ${formatCount(full, "image")}`;
  if (lastBatchSize === batchSize) return product;
  return `${product}; the last asks ${formatWhole(lastBatchSize)} → ${formatCount(totalProducts, "image")}`;
}

/** What each call asks, "4 + 4 + 2"; undefined for one call, and for more than fit a line. */
export function describeSummands(plan: Plan): string | undefined {
  if (plan.generations < 2 || plan.generations > mostSummands) return undefined;
  return Array.from({ length: plan.generations }, (_, index) => batchSizeOf(plan, index)).join(" + ");
}
