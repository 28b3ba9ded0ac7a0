import type { OrderRequest, Plan } from "@tirage/contracts";
import { estimateCostMicroUsd, expectedSize, findModel } from "@tirage/model-catalog";

/** Where outputs cost the same whatever their size. */
const anySize = { width: 1, height: 1 };

/** Millionths of a dollar for all products of a plan; null when the price or what it depends on is not known. */
export function estimatePlanCost({ provider, model, parameters }: OrderRequest, plan: Plan): number | null {
  const price = findModel(provider, model)?.priceMicroUsd;
  const size = price?.per === "output" ? anySize : expectedSize(provider, model, parameters);
  const each = size && estimateCostMicroUsd(provider, model, [size]);
  return each === undefined ? null : each * plan.totalProducts;
}
