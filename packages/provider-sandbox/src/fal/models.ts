import { hash32 } from "../deterministic.ts";
import type { OutputOrder, PictureFormat } from "../images/picture.ts";
import { checkInput, type InputRule, seedRule } from "../input-rules.ts";
import type { Input, InputProblem } from "../submission.ts";

interface FalModel {
  readonly maxImages: number;
  readonly maxSteps: number;
  readonly defaultSize: SizeName;
  /** Some models say `format` where others say `output_format`. */
  readonly formatField: "format" | "output_format";
}

type SizeName = keyof typeof sizes;

/** fal's preset sizes in pixels. */
const sizes = {
  square_hd: [1024, 1024],
  square: [512, 512],
  portrait_4_3: [768, 1024],
  portrait_16_9: [576, 1024],
  landscape_4_3: [1024, 768],
  landscape_16_9: [1024, 576],
} as const;

const maxEdgePx = 4096;

const flux = { maxImages: 4, maxSteps: 50, defaultSize: "landscape_4_3", formatField: "output_format" } as const;
const sdxl = { maxImages: 8, maxSteps: 50, defaultSize: "square_hd", formatField: "format" } as const;

const models: Readonly<Record<string, FalModel>> = {
  "fal-ai/flux/schnell": { ...flux, maxSteps: 12 },
  "fal-ai/flux/dev": flux,
  "fal-ai/fast-sdxl": sdxl,
  "fal-ai/fast-lightning-sdxl": { ...sdxl, maxSteps: 8 },
  "fal-ai/stable-diffusion-v35-large": flux,
};

/** An endpoint the sandbox has no entry for behaves like flux: any model name can be tried without a key. */
function findModel(endpointId: string): FalModel {
  return models[endpointId] ?? flux;
}

/** What is wrong with an input. fal finds out only when the job runs. */
export function checkFalInput(endpointId: string, input: Input): InputProblem[] {
  const model = findModel(endpointId);
  const rules: InputRule[] = [
    { kind: "text", field: "prompt" },
    { kind: "text", field: "negative_prompt" },
    { kind: "integer", field: "num_images", min: 1, max: model.maxImages },
    { kind: "integer", field: "num_inference_steps", min: 1, max: model.maxSteps },
    { kind: "number", field: "guidance_scale", min: 0, max: 20 },
    { kind: "choice", field: model.formatField, choices: ["jpeg", "png"] },
    seedRule,
  ];
  const problems = checkInput(input, rules);
  if (input.image_size !== undefined && !readSize(input.image_size)) {
    problems.push({ kind: "choice", field: "image_size", choices: Object.keys(sizes) });
  }
  return problems;
}

/** What an input orders. Total: an input that is wrong gets the defaults, since its job ends before any output. */
export function readFalOrder(endpointId: string, input: Input, requestId: string): OutputOrder {
  const model = findModel(endpointId);
  const [width, height] = readSize(input.image_size) ?? sizes[model.defaultSize];
  const format: PictureFormat = input[model.formatField] === "png" ? "png" : "jpeg";
  return {
    prompt: typeof input.prompt === "string" ? input.prompt : "",
    seed: typeof input.seed === "number" ? input.seed : hash32("seed", requestId),
    count: Number.isInteger(input.num_images) ? Number(input.num_images) : 1,
    width,
    height,
    format,
  };
}

function readSize(value: unknown): readonly [number, number] | undefined {
  if (typeof value === "string") return Object.hasOwn(sizes, value) ? sizes[value as SizeName] : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const { width, height } = value as { width?: unknown; height?: unknown };
  return isEdge(width) && isEdge(height) ? [width, height] : undefined;
}

function isEdge(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= maxEdgePx;
}
