import { expect, test } from "vitest";
import { toProviderInput } from "./provider-input.ts";

const generation = { prompt: "a lighthouse at dusk", parameters: {}, batchSize: 1, seed: 4_294_967_295 };

test.each([
  ["fal", "fal-ai/flux/schnell", 4, { num_images: 4 }],
  ["fal", "fal-ai/fast-sdxl", 8, { num_images: 8 }],
  ["fal", "fal-ai/new-model", 2, { num_images: 2 }],
  ["replicate", "black-forest-labs/flux-schnell", 4, { num_outputs: 4 }],
  ["replicate", "stability-ai/sdxl", 3, { num_outputs: 3 }],
  ["replicate", "stability-ai/stable-diffusion-3.5-large", 1, {}],
  ["replicate", "someone/something", 2, { num_outputs: 2 }],
])("toProviderInput: %s %s, batch size %i under the model's own name", (provider, model, batchSize, batchField) => {
  const input = toProviderInput({ ...generation, provider, model, batchSize });

  expect(input).toEqual({ prompt: generation.prompt, seed: generation.seed, ...batchField });
});

test("toProviderInput: parameters given, passed on untouched and never over prompt, seed or batch size", () => {
  const parameters = { image_size: { width: 64, height: 32 }, num_images: 99, seed: 1, prompt: "other" };

  const input = toProviderInput({ ...generation, provider: "fal", model: "fal-ai/flux/dev", parameters });

  expect(input).toEqual({
    image_size: { width: 64, height: 32 },
    num_images: 1,
    seed: generation.seed,
    prompt: generation.prompt,
  });
});

test("toProviderInput: more outputs than the model makes a call, refused before anything is sent", () => {
  const model = "stability-ai/stable-diffusion-3.5-large";

  expect(() => toProviderInput({ ...generation, provider: "replicate", model, batchSize: 2 })).toThrow(RangeError);
});
