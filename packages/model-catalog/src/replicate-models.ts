/**
 * Replicate's models. Ranges and defaults are those of the models' pages and of cog-flux and cog-sdxl. Prices are the
 * published ones (2026-11) of models billed by the output; null where Replicate bills machine time or the page names none.
 */
import type { CatalogueModel, ParameterRule } from "./catalogue-model.ts";

const aspectRatio: ParameterRule = {
  type: "string",
  options: ["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"],
  default: "1:1",
};
const outputFormat: ParameterRule = { type: "string", options: ["webp", "jpg", "png"], default: "webp" };
const safetyChecker: ParameterRule = { type: "boolean", default: false };
const negativePrompt: ParameterRule = { type: "string" };
const inputImage: ParameterRule = { type: "string", description: "Address of an image to start from." };

const outputQuality = (preset: number): ParameterRule => ({
  type: "integer",
  minimum: 0,
  maximum: 100,
  default: preset,
});

const promptStrength = (preset: number): ParameterRule => ({
  type: "number",
  minimum: 0,
  maximum: 1,
  default: preset,
});

const steps = (maximum: number, preset: number): ParameterRule => ({
  type: "integer",
  minimum: 1,
  maximum,
  default: preset,
});

const replicateModel = {
  provider: "replicate",
  maximumBatchSize: 4,
  batchParameter: "num_outputs",
  promptParameter: "prompt",
  seedParameter: "seed",
  requiresVersion: false,
  defaultOutputFormat: "webp",
} as const;

const fluxParameters = {
  aspect_ratio: aspectRatio,
  megapixels: { type: "string", options: ["1", "0.25"], default: "1" },
  go_fast: {
    type: "boolean",
    default: true,
    description: "Faster, but not reproducible even with the same seed; false when reproducibility matters.",
  },
  output_format: outputFormat,
  output_quality: outputQuality(80),
  disable_safety_checker: safetyChecker,
} as const satisfies Record<string, ParameterRule>;

const pixels = { type: "integer", minimum: 1, maximum: 4096, default: 1024 } as const satisfies ParameterRule;

export const replicateModels: readonly CatalogueModel[] = [
  {
    ...replicateModel,
    model: "black-forest-labs/flux-schnell",
    title: "FLUX.1 [schnell]",
    priceMicroUsd: { per: "output", amount: 3_000 },
    parameters: { ...fluxParameters, num_inference_steps: steps(4, 4) },
  },
  {
    ...replicateModel,
    model: "black-forest-labs/flux-dev",
    title: "FLUX.1 [dev]",
    priceMicroUsd: { per: "output", amount: 25_000 },
    parameters: {
      ...fluxParameters,
      guidance: { type: "number", minimum: 0, maximum: 10, default: 3.5 },
      num_inference_steps: steps(50, 28),
      image: inputImage,
      prompt_strength: promptStrength(0.8),
    },
  },
  {
    ...replicateModel,
    model: "stability-ai/sdxl",
    title: "Stable Diffusion XL",
    requiresVersion: true,
    exampleVersion: "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc",
    defaultOutputFormat: "png",
    priceMicroUsd: null,
    parameters: {
      width: pixels,
      height: pixels,
      negative_prompt: negativePrompt,
      guidance_scale: { type: "number", minimum: 1, maximum: 50, default: 7.5 },
      num_inference_steps: steps(500, 50),
      scheduler: {
        type: "string",
        options: ["DDIM", "DPMSolverMultistep", "HeunDiscrete", "KarrasDPM", "K_EULER_ANCESTRAL", "K_EULER", "PNDM"],
        default: "K_EULER",
      },
      refine: {
        type: "string",
        options: ["no_refiner", "expert_ensemble_refiner", "base_image_refiner"],
        default: "no_refiner",
      },
      refine_steps: { type: "integer", minimum: 1 },
      high_noise_frac: { type: "number", minimum: 0, maximum: 1, default: 0.8 },
      apply_watermark: { type: "boolean", default: true },
      image: inputImage,
      mask: { type: "string", description: "Address of a mask for inpainting." },
      prompt_strength: promptStrength(0.8),
      lora_scale: { type: "number", minimum: 0, maximum: 1, default: 0.6 },
      replicate_weights: { type: "string" },
      disable_safety_checker: safetyChecker,
    },
  },
  {
    ...replicateModel,
    model: "stability-ai/stable-diffusion-3.5-large",
    title: "Stable Diffusion 3.5 Large",
    maximumBatchSize: 1,
    batchParameter: undefined,
    priceMicroUsd: null,
    parameters: {
      aspect_ratio: aspectRatio,
      cfg: { type: "number", minimum: 0, maximum: 20 },
      steps: { type: "integer", minimum: 1, maximum: 50 },
      negative_prompt: negativePrompt,
      image: inputImage,
      prompt_strength: promptStrength(0.85),
      output_format: outputFormat,
      output_quality: outputQuality(90),
    },
  },
];
