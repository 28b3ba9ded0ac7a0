import { expect, test } from "vitest";
import { faultKinds, planFaults } from "./schedule.ts";

test("planFaults: the same seed twice, the same faults; another seed, others", () => {
  expect(planFaults(1, 50)).toEqual(planFaults(1, 50));
  expect(planFaults(2, 50)).not.toEqual(planFaults(1, 50));
});

test("planFaults: many faults, every kind strikes and kills are the most of them", () => {
  const counts = Map.groupBy(planFaults(1, 1_000), ({ kind }) => kind);
  expect([...counts.keys()].toSorted()).toEqual([...faultKinds].toSorted());
  expect(counts.get("kill")?.length).toBeGreaterThan(500);
});

test("planFaults: one kind asked for, no other strikes", () => {
  expect(new Set(planFaults(1, 100, ["broker-wipe"]).map(({ kind }) => kind))).toEqual(new Set(["broker-wipe"]));
});
