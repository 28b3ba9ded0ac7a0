import type { BatchLimits } from "@tirage/contracts";
import type { BatchParameter, CatalogueModel } from "./catalogue-model.ts";
import { falModels } from "./fal-models.ts";
import { replicateModels } from "./replicate-models.ts";

/** Every model whose parameters, limits and price are known, in the order it is shown. */
export const modelCatalogue: readonly CatalogueModel[] = [...falModels, ...replicateModels];

const byName = new Map(modelCatalogue.map((entry) => [`${entry.provider} ${entry.model}`, entry]));

/** A model that is in the catalogue; any other model of a known provider may be ordered too, with fewer checks. */
export function findModel(provider: string, model: string): CatalogueModel | undefined {
  return byName.get(`${provider} ${model}`);
}

/** What holds for a model that is not in the catalogue: the batch size that every known batching model takes. */
export const defaultLimits: BatchLimits = { maximumBatchSize: 4 };

/** Outputs one call of a model may be asked for. */
export function limitsOf(provider: string, model: string): BatchLimits {
  return findModel(provider, model) ?? defaultLimits;
}

const defaultBatchParameters: Readonly<Record<string, BatchParameter>> = {
  fal: "num_images",
  replicate: "num_outputs",
};

/** The field that carries the batch size to a model; the provider's usual one for a model that is not in the catalogue. */
export function batchParameterOf(provider: string, model: string): BatchParameter | undefined {
  const entry = findModel(provider, model);
  return entry ? entry.batchParameter : defaultBatchParameters[provider];
}
