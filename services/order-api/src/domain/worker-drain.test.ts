import type { Worker } from "@tirage/contracts";
import { expect, test } from "vitest";
import { forgottenDrains, showDrain } from "./worker-drain.ts";

const [before, since] = ["2026-01-05T09:00:00.000Z", "2026-01-05T09:00:01.000Z"];
const worker: Worker = {
  ...{ service: "generator", id: "one", version: "1", startedAt: before, lastSeenAt: before },
  running: ["a", "b"],
};
const drained = { state: "drained", left: 0, since } as const;

test.each([
  ["nobody wished it and it takes work", worker, undefined, undefined],
  ["it has not heard the wish", worker, since, { state: "draining", left: 2, since }],
  ["it is drained by this wish", { ...worker, drain: drained }, since, drained],
  [
    "it was drained by an earlier wish",
    { ...worker, drain: { ...drained, since: before } },
    since,
    { state: "draining", left: 2, since },
  ],
  ["it has not heard that it is resumed", { ...worker, drain: drained }, undefined, undefined],
])("showDrain: %s", (_circumstance, told, wish, shown) => {
  expect(showDrain(told, wish).drain).toEqual(shown);
});

test("forgottenDrains: seen nowhere for an hour without a break, is forgotten; not one who came back meanwhile", () => {
  const wished = ["gone", "back", "there"];
  let absentSinceMs: ReadonlyMap<string, number> = new Map();
  const look = (present: string[], nowMs: number) => {
    const found = forgottenDrains({ wished, present: new Set(present), absentSinceMs, nowMs });
    absentSinceMs = found.absentSinceMs;
    return found.forgotten;
  };
  expect(look(["there"], 0)).toEqual([]);
  expect(look(["there", "back"], 1_800_000)).toEqual([]);
  expect(look(["there"], 3_600_000)).toEqual([]);
  expect(look(["there"], 3_600_001)).toEqual(["gone"]);
});
