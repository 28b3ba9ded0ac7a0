import { expect, test } from "vitest";
import { createFaultDials } from "./fault-dials.ts";
import type { FaultRule } from "./fault-rule.ts";

const admission = { stage: "admission", provider: "fal", model: "a/b" } as const;

function strikePattern(rule: FaultRule, occasions: number): string {
  const dials = createFaultDials(() => 1);
  dials.set([rule]);
  return Array.from({ length: occasions }, () => (dials.strike(admission) ? "x" : ".")).join("");
}

test.each([
  [{}, "xxxxxx"],
  [{ every: 3 }, "..x..x"],
  [{ times: 2 }, "xx...."],
  [{ skip: 2 }, "..xxxx"],
  [{ skip: 1, every: 2, times: 1 }, "..x..."],
  [{ probability: 0 }, "......"],
])("a rule with %j: strikes %s", (when, pattern) => {
  expect(strikePattern({ fault: "rate_limited", ...when }, 6)).toBe(pattern);
});

test("two rules for one moment: the first that strikes acts, and the second does not see the occasion", () => {
  const dials = createFaultDials(() => 1);
  dials.set([{ fault: "rate_limited", every: 2 }, { fault: "unauthenticated" }]);
  const struck = [dials.strike(admission), dials.strike(admission), dials.strike(admission)];
  expect(struck.map((rule) => rule?.fault)).toEqual(["unauthenticated", "rate_limited", "unauthenticated"]);
  expect(dials.list().map(({ occasions, strikes }) => [occasions, strikes])).toEqual([
    [3, 1],
    [2, 2],
  ]);
});

test("a rule with an input's seed: the others' jobs are no occasions of it", () => {
  const dials = createFaultDials(() => 1);
  dials.set([{ fault: "job_failed", inputSeed: 8, times: 1 }]);
  const job = { ...admission, stage: "job" } as const;
  expect([undefined, 7, 8, 8].map((inputSeed) => dials.strikeAll({ ...job, inputSeed }).length)).toEqual([0, 0, 1, 0]);
  expect(dials.list()[0]).toMatchObject({ occasions: 2, strikes: 1 });
});

test("a fault of one provider: no occasion of the other is its own", () => {
  const dials = createFaultDials(() => 1);
  dials.set([{ fault: "version_invalid" }]);
  expect(dials.strike(admission)).toBeUndefined();
  expect(dials.strike({ ...admission, provider: "replicate" })?.fault).toBe("version_invalid");
});
