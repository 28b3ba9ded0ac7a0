import type { Queue } from "@tirage/client";
import { expect, test } from "vitest";
import { type RateHistory, recordRates } from "./rate-history.ts";

const queue = (name: string, deliveredPerMinute: number | null): Queue => ({
  name,
  stream: "WORK",
  provider: "fal",
  depth: 0,
  inFlight: 0,
  redelivered: 0,
  delivered: 0,
  deliveredPerMinute,
  oldestAgeMs: null,
});

test("recordRates: a hundred answers, keeps the newest ninety of each queue and leaves out what is not known", () => {
  let history: RateHistory = new Map();
  for (let rate = 0; rate < 100; rate += 1) {
    history = recordRates(history, [queue("known", rate), queue("unknown", null)]);
  }
  expect(history.get("known")).toEqual(Array.from({ length: 90 }, (_, index) => index + 10));
  expect(history.has("unknown")).toBe(false);
});
