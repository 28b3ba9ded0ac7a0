import type { Parameters } from "@tirage/contracts";
import { batchParameterOf, findModel } from "./model-catalogue.ts";

/** One generation, in our words. */
export interface GenerationInput {
  readonly provider: string;
  readonly model: string;
  readonly prompt: string;
  readonly parameters: Parameters;
  readonly batchSize: number;
  /** Unsigned, 32 bits. */
  readonly seed: number;
}

/**
 * The input object that the provider's model takes: the order's parameters with prompt, seed and batch size under the
 * model's own names. Seed and batch size are always sent, so that what was asked is on record on both sides. `go_fast` of
 * Replicate's flux models stays the customer's choice: its default is faster, and not reproducible even with a seed.
 * @throws RangeError when the model makes fewer outputs a call than asked.
 */
export function toProviderInput(generation: GenerationInput): Parameters {
  const { provider, model, prompt, parameters, batchSize, seed } = generation;
  const entry = findModel(provider, model);
  if (entry && batchSize > entry.maximumBatchSize) {
    throw new RangeError(`${model} makes at most ${entry.maximumBatchSize} outputs a call, not ${batchSize}`);
  }
  const batchParameter = batchParameterOf(provider, model);
  return {
    ...parameters,
    [entry?.promptParameter ?? "prompt"]: prompt,
    [entry?.seedParameter ?? "seed"]: seed,
    ...(batchParameter && { [batchParameter]: batchSize }),
  };
}
