import { expect, test } from "vitest";
import { estimateTime } from "./estimate-time.ts";

const known = { waitingGenerations: 17, medianGenerationMs: 400, slots: 10 };

test("estimateTime: everything known, whole rounds of the median", () => {
  expect(estimateTime(3, known)).toEqual({ ...known, durationMs: 800 });
  expect(estimateTime(4, known)).toEqual({ ...known, durationMs: 1_200 });
});

test.each([
  ["nothing was made of the model lately", { medianGenerationMs: null }],
  ["no worker is there", { slots: 0 }],
  ["the broker is away", { slots: null }],
])("estimateTime: %s, no guess", (_, unknown) => {
  expect(estimateTime(3, { ...known, ...unknown }).durationMs).toBeNull();
});
