import { expect, test } from "vitest";
import { matchPredictions } from "./match-predictions.ts";

const createdAfter = "2026-11-24T10:00:00.000Z";
const sought = { model: "owner/model", modelVersion: undefined, nonce: "nonce-1", input: { prompt: "a", seed: 7 } };
const listed = {
  id: "p-1",
  model: "owner/model",
  version: "hidden",
  input: { seed: 7, prompt: "a" },
  created_at: createdAfter,
};

test("matchPredictions: called back to the nonce, is found by it whatever is listed of its input", () => {
  const webhook = "https://tirage.example/v1/callbacks/replicate/nonce-1";

  expect(matchPredictions([{ ...listed, input: {}, webhook }], sought, createdAfter)).toMatchObject({
    byNonce: ["p-1"],
    byInput: [],
  });
});

test("matchPredictions: without an address to call back, is found by model and input", () => {
  expect(matchPredictions([listed], sought, createdAfter)).toMatchObject({ byNonce: [], byInput: ["p-1"] });
});

test.each([
  {
    circumstance: "called back elsewhere",
    changes: { webhook: "https://tirage.example/v1/callbacks/replicate/other" },
  },
  { circumstance: "of another seed", changes: { input: { prompt: "a", seed: 8 } } },
  { circumstance: "of another model", changes: { model: "owner/other" } },
  { circumstance: "made before the submit began", changes: { created_at: "2026-11-24T09:59:59.999Z" } },
])("matchPredictions: $circumstance, is not found", ({ changes }) => {
  expect(matchPredictions([{ ...listed, ...changes }], sought, createdAfter)).toMatchObject({
    byNonce: [],
    byInput: [],
  });
});

test("matchPredictions: of another version than the pinned one, is not found", () => {
  const pinned = { ...sought, modelVersion: "0".repeat(64) };

  expect(matchPredictions([listed], pinned, createdAfter).byInput).toEqual([]);
  expect(matchPredictions([{ ...listed, version: pinned.modelVersion }], pinned, createdAfter).byInput).toEqual([
    "p-1",
  ]);
});
