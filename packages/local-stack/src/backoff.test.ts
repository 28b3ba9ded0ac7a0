import { expect, test } from "vitest";
import { computePauseMs } from "./backoff.ts";

test("computePauseMs: deaths in a row, the pause doubles from 250 ms and stays at 10 s", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 20].map(computePauseMs)).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});
