/** What is known about the providers' models: data and pure functions that also run in a browser. */
export type { BatchParameter, CatalogueModel, ParameterRule } from "./catalogue-model.ts";
export { checkParameters, type ParameterProblem } from "./check-parameters.ts";
export { estimateCostMicroUsd, expectedSize, type OutputSize } from "./estimate-cost.ts";
export { batchParameterOf, defaultLimits, findModel, limitsOf, modelCatalogue } from "./model-catalogue.ts";
export { modelNameProblem, versionProblem } from "./model-problems.ts";
export { type GenerationInput, toProviderInput } from "./provider-input.ts";
