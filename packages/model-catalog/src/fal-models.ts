/**
 * fal's models. Fields and defaults are those of the endpoint types in `@fal-ai/client` 1.10.1; ranges of steps are those
 * of the model pages. Other ranges are the widest any model of the family takes: a value too far out is refused by fal.
 * Prices are the published ones of the model pages (2026-11); null where the page names none or bills by machine time.
 */
import type { CatalogueModel, ParameterRule } from "./catalogue-model.ts";

const imageSizes = ["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"];

const imageSize = (preset: string): ParameterRule => ({
  type: "any",
  options: imageSizes,
  alternative: "size",
  default: preset,
  description: "A preset, or {width, height} in pixels. Flux is priced by the megapixel.",
});

const steps = (maximum: number, preset: number): ParameterRule => ({
  type: "integer",
  minimum: 1,
  maximum,
  default: preset,
});

const guidanceScale = (preset: number): ParameterRule => ({
  type: "number",
  minimum: 0,
  maximum: 20,
  default: preset,
});

const outputFormat: ParameterRule = { type: "string", options: ["jpeg", "png"], default: "jpeg" };
const safetyChecker: ParameterRule = {
  type: "boolean",
  default: true,
  description: "Flagged outputs are left out of the products.",
};
const negativePrompt: ParameterRule = { type: "string", default: "" };
const loras: ParameterRule = { type: "array", description: "LoRA weights to merge, each {path, scale}." };

const falModel = {
  provider: "fal",
  maximumBatchSize: 4,
  batchParameter: "num_images",
  promptParameter: "prompt",
  seedParameter: "seed",
  requiresVersion: false,
  defaultOutputFormat: "jpeg",
} as const;

const fluxParameters = {
  image_size: imageSize("landscape_4_3"),
  guidance_scale: guidanceScale(3.5),
  enable_safety_checker: safetyChecker,
  output_format: outputFormat,
  acceleration: { type: "string", options: ["none", "regular", "high"], default: "none" },
} as const satisfies Record<string, ParameterRule>;

export const falModels: readonly CatalogueModel[] = [
  {
    ...falModel,
    model: "fal-ai/flux/schnell",
    title: "FLUX.1 [schnell]",
    priceMicroUsd: { per: "megapixel", amount: 3_000 },
    parameters: { ...fluxParameters, num_inference_steps: steps(12, 4) },
  },
  {
    ...falModel,
    model: "fal-ai/flux/dev",
    title: "FLUX.1 [dev]",
    priceMicroUsd: { per: "megapixel", amount: 25_000 },
    parameters: { ...fluxParameters, num_inference_steps: steps(50, 28) },
  },
  {
    ...falModel,
    model: "fal-ai/fast-sdxl",
    title: "Stable Diffusion XL (fast)",
    maximumBatchSize: 8,
    priceMicroUsd: null,
    parameters: {
      image_size: imageSize("square_hd"),
      negative_prompt: negativePrompt,
      num_inference_steps: steps(50, 25),
      guidance_scale: guidanceScale(7.5),
      format: outputFormat,
      loras,
      embeddings: { type: "array", description: "Textual inversion embeddings, each {path, tokens}." },
      expand_prompt: { type: "boolean" },
      enable_safety_checker: safetyChecker,
      safety_checker_version: { type: "string", options: ["v1", "v2"], default: "v1" },
    },
  },
  {
    ...falModel,
    model: "fal-ai/stable-diffusion-v35-large",
    title: "Stable Diffusion 3.5 Large",
    priceMicroUsd: null,
    parameters: {
      image_size: imageSize("landscape_4_3"),
      negative_prompt: negativePrompt,
      num_inference_steps: steps(50, 28),
      guidance_scale: guidanceScale(3.5),
      output_format: outputFormat,
      enable_safety_checker: safetyChecker,
      loras,
      controlnet: { type: "object" },
      ip_adapter: { type: "object" },
    },
  },
];
