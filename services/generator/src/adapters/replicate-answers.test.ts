import { describe, expect, test } from "vitest";
import { prediction, readPrediction } from "./replicate-answers.ts";

const read = (answer: object) => readPrediction(prediction.parse(answer));
const file = (name: string) => `https://replicate.delivery/xezq/${name}`;

test.each(["starting", "processing"])("readPrediction: %s, running", (status) => {
  expect(read({ status })).toEqual({ kind: "running" });
});

describe("readPrediction: succeeded", () => {
  test.each([
    ["a list", [file("out-0.webp"), file("out-1.webp")], [0, 1]],
    ["a list with a gap", [file("out-0.webp"), file("out-2.webp")], [0, 2]],
    ["a single address", file("output.png"), [0]],
    ["names without indexes", [file("a.png"), file("b.png")], [0, 1]],
    ["names with the same index", [file("a/out-0.png"), file("b/out-0.png")], [0, 1]],
    ["an index past every batch", [file("out-999.png")], [0]],
    [
      "more than any call makes",
      Array.from({ length: 70 }, () => file("x.png")),
      Array.from({ length: 64 }, (_, n) => n),
    ],
  ])("%s, the outputs with their indexes", (_case, output, indexes) => {
    const state = read({ status: "succeeded", output });

    expect(state.kind === "succeeded" && state.outputs.map(({ index }) => index)).toEqual(indexes);
  });

  test.each([
    ["deleted by age", { output: null, data_removed: true }, "output_expired", false],
    ["nothing", { output: null }, "no_outputs", true],
    ["an empty list", { output: [] }, "no_outputs", true],
    ["text in an object", { output: { text: "x" } }, "output_unreadable", false],
  ])("%s, failed and classified", (_case, answer, code, retryable) => {
    expect(read({ status: "succeeded", ...answer })).toMatchObject({ kind: "failed", failure: { code, retryable } });
  });
});

test.each([
  ["NSFW", { status: "failed", error: "NSFW content detected. Try another prompt." }, "moderated", false],
  ["flagged", { status: "failed", error: "The input or output was flagged as sensitive. (E005)" }, "moderated", false],
  [
    "interrupted",
    { status: "failed", error: "Prediction interrupted; please retry (code: PA)" },
    "provider_failed",
    true,
  ],
  ["out of memory", { status: "failed", error: "Error code E1001: out of memory" }, "provider_failed", true],
  ["the model's own error", { status: "failed", error: "width must be divisible by 8" }, "provider_failed", false],
  ["no error at all", { status: "failed", error: null }, "provider_failed", false],
  ["cancelled", { status: "canceled" }, "provider_cancelled", false],
  ["given up before it started", { status: "aborted" }, "provider_failed", true],
])("readPrediction: %s, failed and classified", (_case, answer, code, retryable) => {
  expect(read(answer)).toMatchObject({ kind: "failed", failure: { code, retryable } });
});
