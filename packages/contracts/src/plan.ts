/**
 * Planning: how many provider calls an order makes and what each asks for. Pure; the API, the console and the command
 * line all call this one function.
 */
import { z } from "zod";

export const plan = z
  .object({
    generations: z.int().min(1).describe("Provider calls the order makes."),
    batchSize: z.int().min(1).describe("Outputs asked of one call."),
    lastBatchSize: z.int().min(1).describe("Outputs asked of the last call."),
    totalProducts: z.int().min(1).describe("Outputs asked of all calls together."),
  })
  .meta({ id: "Plan" });
export type Plan = z.infer<typeof plan>;

/** What the customer asked: calls times outputs, or a number of products. */
export type PlanRequest =
  | { readonly generations: number; readonly batchSize: number }
  | { readonly quantity: number; readonly batchSize?: number | undefined; readonly remainder: "exact" | "overshoot" };

/** What the model allows: outputs of one call. */
export interface BatchLimits {
  readonly maximumBatchSize: number;
}

/**
 * Splits a request into calls. Calls times outputs are taken as they are; where the model makes fewer outputs a call,
 * as many products are split into more calls. By quantity, the batch size is the asked one, at most the model's maximum,
 * or the maximum when none is asked; `exact` makes the last call ask only what is left (10 = 4 + 4 + 2), `overshoot`
 * keeps it full (3 × 4 = 12).
 */
export function planOrder(request: PlanRequest, limits: BatchLimits): Plan {
  if ("quantity" in request) return splitQuantity(request, limits);
  const { generations, batchSize } = request;
  const totalProducts = generations * batchSize;
  if (batchSize <= limits.maximumBatchSize) return { generations, batchSize, lastBatchSize: batchSize, totalProducts };
  return splitQuantity({ quantity: totalProducts, remainder: "exact" }, limits);
}

function splitQuantity(request: Extract<PlanRequest, { quantity: number }>, limits: BatchLimits): Plan {
  const wanted = Math.min(request.batchSize ?? limits.maximumBatchSize, limits.maximumBatchSize);
  const batchSize = request.remainder === "exact" ? Math.min(wanted, request.quantity) : wanted;
  const generations = Math.ceil(request.quantity / batchSize);
  const rest = request.quantity - (generations - 1) * batchSize;
  const lastBatchSize = request.remainder === "exact" ? rest : batchSize;
  return { generations, batchSize, lastBatchSize, totalProducts: (generations - 1) * batchSize + lastBatchSize };
}

/** Outputs asked of generation `index` (0-based) of a plan. */
export function batchSizeOf(plan: Plan, index: number): number {
  return index === plan.generations - 1 ? plan.lastBatchSize : plan.batchSize;
}
