/** What is wrong with how an order names its model, as one sentence that says what to send; undefined when nothing is. */
import { findModel } from "./model-catalogue.ts";

/** Letters, digits, `.`, `_` and `-`, but no dots alone: a name becomes a path of the provider's address. */
const segment = String.raw`(?!\.+(?:/|$))[\w.-]+`;
const modelNames: Readonly<Record<string, { readonly pattern: RegExp; readonly wanted: string }>> = {
  fal: {
    pattern: new RegExp(`^${segment}(/${segment}){1,5}$`),
    wanted: "owner/name or longer, e.g. fal-ai/flux/schnell",
  },
  replicate: {
    pattern: new RegExp(`^${segment}/${segment}$`),
    wanted: "owner/name, e.g. black-forest-labs/flux-schnell",
  },
};

/** The name is not one the provider could have. */
export function modelNameProblem(provider: string, model: string): string | undefined {
  const names = modelNames[provider];
  return !names || names.pattern.test(model) ? undefined : `a ${provider} model is named ${names.wanted}`;
}

/**
 * Replicate's official models, called without a version: catalogued ones, and those of owners who publish nothing else.
 * Any other uncatalogued model is taken for a community model, which Replicate finds by its version only.
 */
const officialPatterns = [
  /^(black-forest-labs|google|ideogram-ai|luma|minimax|openai|recraft-ai)\//,
  /^stability-ai\/stable-diffusion-3/,
];

/** The version is missing where Replicate needs one, is not one, or is given where the provider has none. */
export function versionProblem(provider: string, model: string, modelVersion: string | undefined): string | undefined {
  if (provider === "fal" && modelVersion !== undefined) return "fal models have no versions; leave modelVersion out";
  if (provider !== "replicate") return undefined;
  if (modelVersion !== undefined) {
    return /^[0-9a-f]{64}$/.test(modelVersion) ? undefined : "modelVersion must be 64 hexadecimal digits";
  }
  if (!needsVersion(model)) return undefined;
  const example = findModel(provider, model)?.exampleVersion;
  const hint = example ? `, e.g. ${example}` : "";
  return (
    `${model} is a Replicate community model and runs by version only: send modelVersion, the 64 hexadecimal digits ` +
    `shown under "Versions" on https://replicate.com/${model}${hint}`
  );
}

function needsVersion(model: string): boolean {
  const entry = findModel("replicate", model);
  if (entry) return entry.requiresVersion;
  return !officialPatterns.some((pattern) => pattern.test(model));
}
