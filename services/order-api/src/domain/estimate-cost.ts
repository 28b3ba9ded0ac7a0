import type { OrderRequest } from "@tirage/contracts";
import { estimateCostMicroUsd, expectedSize, findModel } from "@tirage/model-catalog";

/** Where outputs cost the same whatever their size. */
const anySize = { width: 1, height: 1 };

/**
 * Millionths of a dollar for so many products of a request; null when the price or what it depends on is not known.
 */
export function estimateCost(
  { provider, model, parameters }: Pick<OrderRequest, "provider" | "model" | "parameters">,
  products: number,
): number | null {
  const price = findModel(provider, model)?.priceMicroUsd;
  const size = price?.per === "output" ? anySize : expectedSize(provider, model, parameters);
  const each = size && estimateCostMicroUsd(provider, model, [size]);
  return each === undefined ? null : each * products;
}
