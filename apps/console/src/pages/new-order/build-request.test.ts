import type { Model } from "@tirage/client";
import { expect, test } from "vitest";
import { changeBatchSize, changeGenerations, changeImages } from "./amount.ts";
import { buildRequest } from "./build-request.ts";
import { describeSummands, describeTotal } from "./describe-total.ts";
import { exampleForm, type FormState } from "./form-state.ts";

const model: Model = {
  provider: "fal",
  model: "fal-ai/flux/schnell",
  title: "FLUX.1 [schnell]",
  maximumBatchSize: 4,
  requiresVersion: false,
  priceMicroUsd: null,
  parameters: {
    image_size: { type: "any", options: ["square", "square_hd"], default: "square_hd" },
    num_inference_steps: { type: "integer", minimum: 1, maximum: 12, default: 4 },
    enable_safety_checker: { type: "boolean", default: true },
    loras: { type: "array" },
  },
};
const build = (changes: Partial<FormState> = {}) => buildRequest({ ...exampleForm, ...changes }, model);
const totalOf = (amount: FormState["amount"]) => {
  const { plan } = build({ amount });
  return plan && describeTotal(plan);
};

test("the form's example: ten images in batches of four, said in words and asked as a quantity", () => {
  const { request, faults, plan } = build();

  expect(faults).toEqual({});
  expect(request).toEqual({
    provider: "fal",
    model: "fal-ai/flux/schnell",
    prompt: exampleForm.prompt,
    quantity: 10,
    batchSize: 4,
  });
  expect(plan && describeTotal(plan)).toBe("3 generations × 4 per batch = 12 images; the last asks 2 → 10 images");
  expect(plan && describeSummands(plan)).toBe("4 + 4 + 2");
});

test("amount: generations set, the images follow and the order is asked by generations", () => {
  const amount = changeGenerations(exampleForm.amount, "6");

  expect(amount.images).toBe("24");
  expect(build({ amount }).request).toMatchObject({ generations: 6, batchSize: 4 });
  expect(totalOf(amount)).toBe("6 generations × 4 per batch = 24 images");
});

test("amount: batch size set, what decided before still decides", () => {
  expect(changeBatchSize(exampleForm.amount, "2")).toMatchObject({ generations: "5", images: "10" });
  expect(changeBatchSize(changeGenerations(exampleForm.amount, "3"), "2")).toMatchObject({ images: "6" });
});

test("amount: one image, everything in the singular", () => {
  expect(totalOf(changeImages({ ...exampleForm.amount, batchSize: "1" }, "1"))).toBe(
    "1 generation × 1 per batch = 1 image",
  );
});

test("amount: a batch larger than the model makes, split into more calls", () => {
  const amount = changeBatchSize(changeGenerations(exampleForm.amount, "3"), "8");

  expect(build({ amount }).request).toMatchObject({ quantity: 24, batchSize: 4 });
  expect(totalOf(amount)).toBe("6 generations × 4 per batch = 24 images");
});

test.each([
  ["no generations", changeGenerations(exampleForm.amount, ""), ["/generations"]],
  ["too many generations", changeGenerations(exampleForm.amount, "51"), ["/generations"]],
  ["too many images", changeImages(exampleForm.amount, "1000"), ["/quantity"]],
  ["half an image", changeImages(exampleForm.amount, "1.5"), ["/quantity"]],
])("amount: %s, told at that field alone", (_, amount, places) => {
  expect(Object.keys(build({ amount }).faults)).toEqual(places);
});

test("parameters: typed text is read by the model's rules; defaults and another model's are left out", () => {
  const { request, faults } = build({
    parameters: {
      image_size: "square",
      num_inference_steps: "8",
      enable_safety_checker: "false",
      loras: '[{"path":"a"}]',
      guidance: "",
      other_models: "1",
    },
  });

  expect(faults).toEqual({});
  expect(request.parameters).toEqual({
    image_size: "square",
    num_inference_steps: 8,
    enable_safety_checker: false,
    loras: [{ path: "a" }],
  });
});

test("everything wrong at once: every place is named", () => {
  const { faults } = build({
    prompt: " ",
    parameters: { num_inference_steps: "99", loras: "{" },
    seed: "-1",
    startAt: "2026-12-24T18:00",
    expiresAt: "2026-12-24T17:00",
    metadata: [{ id: "1", key: "", value: "x" }],
  });

  expect(faults).toMatchObject({
    "/prompt": "say what the images should show",
    "/parameters/num_inference_steps": "must be from 1 to 12",
    "/parameters/loras": expect.stringMatching(/must be a list/),
    "/seed": "must be at least 0",
    "/expiresAt": "must be after startAt",
    "/metadata": "every value needs a key",
  });
});
