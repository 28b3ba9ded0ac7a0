import { model as publishedModel } from "@tirage/contracts";
import { describe, expect, test } from "vitest";
import { checkParameters } from "./check-parameters.ts";
import { estimateCostMicroUsd, expectedSize } from "./estimate-cost.ts";
import { findModel, limitsOf, modelCatalogue } from "./model-catalogue.ts";
import { modelNameProblem, versionProblem } from "./model-problems.ts";

const schnell = ["fal", "fal-ai/flux/schnell"] as const;
const sdxl = "stability-ai/sdxl";

describe("modelCatalogue", () => {
  test.each(modelCatalogue)("catalogue: $provider $model, has the shape that GET /v1/models answers", (entry) => {
    const published = publishedModel.parse(entry);

    expect(published.maximumBatchSize).toBe(entry.maximumBatchSize);
    expect(Object.keys(published.parameters)).toEqual(Object.keys(entry.parameters));
  });

  test.each(modelCatalogue)("catalogue: $provider $model, accepts every default of its own", (entry) => {
    const defaults = Object.entries(entry.parameters).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, value] as const],
    );

    expect(defaults.length).toBeGreaterThan(0);
    expect(checkParameters(entry.provider, entry.model, Object.fromEntries(defaults))).toEqual([]);
  });

  test("catalogue: the eight models of the provider notes, all present once", () => {
    const names = modelCatalogue.map(({ provider, model }) => `${provider} ${model}`);

    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual([
      "fal fal-ai/flux/schnell",
      "fal fal-ai/flux/dev",
      "fal fal-ai/fast-sdxl",
      "fal fal-ai/stable-diffusion-v35-large",
      "replicate black-forest-labs/flux-schnell",
      "replicate black-forest-labs/flux-dev",
      "replicate stability-ai/sdxl",
      "replicate stability-ai/stable-diffusion-3.5-large",
    ]);
  });

  test.each([
    [...schnell, 4],
    ["fal", "fal-ai/fast-sdxl", 8],
    ["replicate", "stability-ai/stable-diffusion-3.5-large", 1],
    ["fal", "fal-ai/not-in-the-catalogue", 4],
  ])("limitsOf: %s %s, at most %i outputs a call", (provider, model, maximumBatchSize) => {
    expect(limitsOf(provider, model).maximumBatchSize).toBe(maximumBatchSize);
  });
});

describe("checkParameters", () => {
  test.each([
    ["a preset size", { image_size: "square_hd" }],
    ["a size in pixels", { image_size: { width: 640, height: 480 } }],
    ["steps at their maximum", { num_inference_steps: 12 }],
    ["a fraction where a number is wanted", { guidance_scale: 2.5 }],
  ])("checkParameters: %s, nothing wrong", (_case, parameters) => {
    expect(checkParameters(...schnell, parameters)).toEqual([]);
  });

  test.each([
    ["a misspelt name", { num_inferense_steps: 4 }, "/parameters/num_inferense_steps", /has no parameter .* it has/],
    ["another model's name", { aspect_ratio: "1:1" }, "/parameters/aspect_ratio", /has no parameter/],
    ["a name of Object.prototype", { constructor: 1 }, "/parameters/constructor", /has no parameter/],
    ["a name with a slash", { "a/b": 1 }, "/parameters/a~1b", /has no parameter/],
    ["too many steps", { num_inference_steps: 13 }, "/parameters/num_inference_steps", /from 1 to 12/],
    ["half a step", { num_inference_steps: 1.5 }, "/parameters/num_inference_steps", /a whole number/],
    ["a number as text", { guidance_scale: "3" }, "/parameters/guidance_scale", /a number/],
    ["an unknown option", { output_format: "webp" }, "/parameters/output_format", /one of "jpeg", "png"/],
    ["an unknown preset", { image_size: "huge" }, "/parameters/image_size", /"square_hd"/],
    ["a size without height", { image_size: { width: 512 } }, "/parameters/image_size", /whole numbers/],
    ["the batch size", { num_images: 2 }, "/parameters/num_images", /use batchSize/],
    ["the other provider's batch size", { num_outputs: 2 }, "/parameters/num_outputs", /use batchSize/],
    ["a seed", { seed: 7 }, "/parameters/seed", /use seed of the order/],
    ["a prompt", { prompt: "x" }, "/parameters/prompt", /use prompt/],
    ["sync_mode", { sync_mode: true }, "/parameters/sync_mode", /leave it out/],
  ])("checkParameters: %s, refused with its pointer", (_case, parameters, pointer, detail) => {
    expect(checkParameters(...schnell, parameters)).toEqual([{ pointer, detail: expect.stringMatching(detail) }]);
  });

  test("checkParameters: a model that is not in the catalogue, only reserved names are refused", () => {
    const problems = checkParameters("fal", "fal-ai/new-model", { anything: [1], num_images: 9 });

    expect(problems.map(({ pointer }) => pointer)).toEqual(["/parameters/num_images"]);
  });

  test("checkParameters: several faults, each is told", () => {
    expect(checkParameters(...schnell, { seed: 1, image_size: 3, nonsense: null })).toHaveLength(3);
  });
});

describe("versionProblem", () => {
  const version = findModel("replicate", sdxl)?.exampleVersion;

  test.each([
    ["an official model", "replicate", "black-forest-labs/flux-dev", undefined],
    ["an official owner's uncatalogued model", "replicate", "black-forest-labs/flux-2-pro", undefined],
    ["a community model with its version", "replicate", sdxl, version],
    ["an uncatalogued model with a version", "replicate", "someone/something", "a".repeat(64)],
    ["a fal model", ...schnell, undefined],
    ["the unbilled provider", "null", "anything", undefined],
  ])("versionProblem: %s, nothing wrong", (_case, provider, model, modelVersion) => {
    expect(versionProblem(provider, model, modelVersion)).toBeUndefined();
  });

  test.each([
    ["a community model without version", "replicate", sdxl, undefined, /send modelVersion, .*7762fd07/],
    ["an unknown owner's model", "replicate", "someone/something", undefined, /send modelVersion/],
    ["a version that is a tag", "replicate", sdxl, "latest", /64 hexadecimal digits/],
    ["a fal model with a version", ...schnell, "a".repeat(64), /leave modelVersion out/],
  ])("versionProblem: %s, one sentence says what to send", (_case, provider, model, modelVersion, sentence) => {
    expect(versionProblem(provider, model, modelVersion)).toMatch(sentence);
  });
});

describe("modelNameProblem", () => {
  test.each([
    ["fal", "fal-ai/flux/schnell"],
    ["fal", "workflows/someone/my-flow"],
    ["replicate", "stability-ai/stable-diffusion-3.5-large"],
  ])("modelNameProblem: %s %s, nothing wrong", (provider, model) => {
    expect(modelNameProblem(provider, model)).toBeUndefined();
  });

  test.each([
    ["fal", "https://queue.fal.run/fal-ai/flux"],
    ["fal", "flux"],
    ["fal", "fal-ai/../admin"],
    ["fal", "fal-ai/flux?fal_webhook=x"],
    ["replicate", "black-forest-labs/flux-schnell/predictions"],
    ["replicate", "../predictions"],
  ])("modelNameProblem: %s %s, refused", (provider, model) => {
    expect(modelNameProblem(provider, model)).toMatch(/is named owner\/name/);
  });
});

describe("estimateCostMicroUsd", () => {
  const square = { width: 1024, height: 1024 };

  test.each([
    ["by the megapixel, one each", ...schnell, [square, square], 6_000],
    ["by the megapixel, rounded up per output", ...schnell, [{ width: 1536, height: 1024 }], 6_000],
    ["by the output", "replicate", "black-forest-labs/flux-dev", [square, square], 50_000],
    ["nothing produced", ...schnell, [], 0],
    ["no price known", "replicate", sdxl, [square], undefined],
    ["not in the catalogue", "fal", "fal-ai/new-model", [square], undefined],
  ])("estimateCostMicroUsd: %s, %s %s", (_case, provider, model, outputs, cost) => {
    expect(estimateCostMicroUsd(provider, model, outputs)).toBe(cost);
  });

  test.each([
    ["the model's default", {}, { width: 1024, height: 768 }],
    ["a preset", { image_size: "square" }, { width: 512, height: 512 }],
    ["pixels", { image_size: { width: 100, height: 50 } }, { width: 100, height: 50 }],
    ["nonsense", { image_size: "huge" }, undefined],
  ])("expectedSize: %s, the size to price", (_case, parameters, size) => {
    expect(expectedSize(...schnell, parameters)).toEqual(size);
  });
});
