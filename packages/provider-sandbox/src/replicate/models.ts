import { hash } from "node:crypto";
import { hash32 } from "../deterministic.ts";
import type { OutputOrder, PictureFormat } from "../images/picture.ts";
import { checkInput, type InputRule, seedRule } from "../input-rules.ts";
import type { Input, InputProblem } from "../submission.ts";

interface ReplicateModel {
  /** 1: one output a prediction, and no field that says how many. */
  readonly maxOutputs: number;
  readonly sizeFields: "aspect_ratio" | "width_height";
  readonly formats: readonly string[];
  readonly defaultFormat: PictureFormat;
  /** Some models answer one address instead of a list. */
  readonly output: "list" | "single";
  readonly rules: readonly InputRule[];
}

/** Pixels of cog-flux's aspect ratios at one megapixel. */
const ratios: Readonly<Record<string, readonly [number, number]>> = {
  "1:1": [1024, 1024],
  "16:9": [1344, 768],
  "21:9": [1536, 640],
  "3:2": [1216, 832],
  "2:3": [832, 1216],
  "4:5": [896, 1088],
  "5:4": [1088, 896],
  "3:4": [896, 1152],
  "4:3": [1152, 896],
  "9:16": [768, 1344],
  "9:21": [640, 1536],
};

const fluxFormats = ["webp", "jpg", "png"];

const flux: ReplicateModel = {
  maxOutputs: 4,
  sizeFields: "aspect_ratio",
  formats: fluxFormats,
  defaultFormat: "webp",
  output: "list",
  rules: [
    { kind: "integer", field: "num_inference_steps", min: 1, max: 50 },
    { kind: "number", field: "guidance", min: 0, max: 10 },
    { kind: "integer", field: "output_quality", min: 0, max: 100 },
    { kind: "choice", field: "megapixels", choices: ["1", "0.25"] },
  ],
};

const sdxl: ReplicateModel = {
  maxOutputs: 4,
  sizeFields: "width_height",
  formats: [],
  defaultFormat: "png",
  output: "list",
  rules: [
    { kind: "integer", field: "num_inference_steps", min: 1, max: 500 },
    { kind: "number", field: "guidance_scale", min: 1, max: 50 },
    { kind: "integer", field: "width", min: 1, max: 4096 },
    { kind: "integer", field: "height", min: 1, max: 4096 },
  ],
};

const stableDiffusion35: ReplicateModel = {
  ...flux,
  maxOutputs: 1,
  rules: [
    { kind: "integer", field: "steps", min: 1, max: 50 },
    { kind: "number", field: "cfg", min: 0, max: 20 },
    { kind: "integer", field: "output_quality", min: 0, max: 100 },
  ],
};

const models: Readonly<Record<string, ReplicateModel>> = {
  "black-forest-labs/flux-schnell": {
    ...flux,
    rules: [{ kind: "integer", field: "num_inference_steps", min: 1, max: 4 }, ...flux.rules.slice(1)],
  },
  "black-forest-labs/flux-dev": flux,
  "black-forest-labs/flux-1.1-pro": { ...flux, maxOutputs: 1, output: "single" },
  "stability-ai/sdxl": sdxl,
  "stability-ai/stable-diffusion-3.5-large": stableDiffusion35,
  "stability-ai/stable-diffusion-3.5-large-turbo": { ...stableDiffusion35, output: "single" },
};

const versions: Readonly<Record<string, string>> = {
  "stability-ai/sdxl": "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc",
};

/** A community model the sandbox has no entry for behaves like sdxl, an official one like flux. */
function findModel(name: string): ReplicateModel {
  return models[name] ?? (isOfficial(name) ? flux : sdxl);
}

/** Official models are called by name; every other model needs a version. */
export function isOfficial(name: string): boolean {
  return name.startsWith("black-forest-labs/") || name.startsWith("stability-ai/stable-diffusion-3");
}

/** The one version the sandbox knows of a model: sdxl's real one, an invented one for any other. */
export function latestVersionOf(name: string): string {
  return versions[name] ?? hash("sha256", name, "hex");
}

/** The model of a bare version: a known one's name, else a community model nobody named here. */
export function modelOfVersion(version: string): string {
  return Object.keys(models).find((name) => latestVersionOf(name) === version) ?? "sandbox/community-model";
}

/** What is wrong with an input. Replicate says so before it accepts anything. */
export function checkReplicateInput(name: string, input: Input): InputProblem[] {
  const model = findModel(name);
  const rules: InputRule[] = [{ kind: "text", field: "prompt" }, seedRule, ...model.rules];
  if (model.maxOutputs > 1) rules.push({ kind: "integer", field: "num_outputs", min: 1, max: model.maxOutputs });
  if (model.formats.length > 0) rules.push({ kind: "choice", field: "output_format", choices: model.formats });
  if (model.sizeFields === "aspect_ratio") {
    rules.push({ kind: "choice", field: "aspect_ratio", choices: Object.keys(ratios) });
  }
  return checkInput(input, rules);
}

/** What an input orders, once it is known to be right. */
export function readReplicateOrder(name: string, input: Input, predictionId: string): OutputOrder {
  const model = findModel(name);
  const [width, height] = model.sizeFields === "aspect_ratio" ? readRatio(input) : readSize(input);
  const format = model.formats.length > 0 ? formatOf(input.output_format) : undefined;
  return {
    prompt: String(input.prompt ?? ""),
    seed: typeof input.seed === "number" ? input.seed : hash32("seed", predictionId),
    count: model.maxOutputs > 1 && typeof input.num_outputs === "number" ? input.num_outputs : 1,
    width,
    height,
    format: format ?? model.defaultFormat,
  };
}

/** Whether a model answers one address instead of a list. */
export function hasSingleOutput(name: string): boolean {
  return findModel(name).output === "single";
}

function formatOf(value: unknown): PictureFormat | undefined {
  if (value === "jpg") return "jpeg";
  return value === "png" || value === "webp" ? value : undefined;
}

function readRatio({ aspect_ratio = "1:1", megapixels }: Input): readonly [number, number] {
  const [width, height] = ratios[String(aspect_ratio)] ?? [1024, 1024];
  return megapixels === "0.25" ? [width / 2, height / 2] : [width, height];
}

function readSize({ width, height }: Input): readonly [number, number] {
  return [typeof width === "number" ? width : 1024, typeof height === "number" ? height : 1024];
}
