import type { Parameters } from "@tirage/contracts";
import { estimateCostMicroUsd, expectedSize, findModel } from "@tirage/model-catalog";

/** Where outputs cost the same whatever their size. */
const anySize = { width: 1, height: 1 };

/** Millionths of a dollar that a call will cost, by the catalogue; undefined when it does not tell. */
export function estimateCallMicroUsd(
  provider: string,
  call: { readonly model: string; readonly parameters: Parameters; readonly batchSize: number },
): number | undefined {
  const { model, parameters, batchSize } = call;
  const price = findModel(provider, model)?.priceMicroUsd;
  const size = price?.per === "output" ? anySize : expectedSize(provider, model, parameters);
  return size && estimateCostMicroUsd(provider, model, Array<typeof size>(batchSize).fill(size));
}
