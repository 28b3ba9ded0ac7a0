import { expect, test } from "vitest";
import { decideOnUnknown, hasTimeToSubmit, submitTimeoutMs } from "./submit-rules.ts";

test("hasTimeToSubmit: only while a submit that times out would still end before the lease", () => {
  expect(hasTimeToSubmit(1_000, 1_000 + submitTimeoutMs + 1)).toBe(true);
  expect(hasTimeToSubmit(1_000, 1_000 + submitTimeoutMs)).toBe(false);
});

const policy = { graceMs: 120_000, onUnknown: "resubmit", resubmitsMax: 1, resubmitMaxMicroUsd: 100_000 } as const;
const call = { submitAgeMs: 120_000, submits: 1, provider: "fal", priceMicroUsd: 3_000 };

test("decideOnUnknown: within the grace, waits whatever the policy", () => {
  expect(decideOnUnknown({ ...call, submitAgeMs: 119_999 }, policy)).toEqual({ kind: "wait" });
});

test("decideOnUnknown: after the grace, submits again within count and price", () => {
  expect(decideOnUnknown(call, policy)).toEqual({ kind: "resubmit" });
});

test.each([
  { circumstance: "without leave to submit again", changes: {}, on: { onUnknown: "fail" as const } },
  { circumstance: "submitted as often as allowed", changes: { submits: 2 }, on: {} },
  { circumstance: "dearer than allowed", changes: { priceMicroUsd: 100_001 }, on: {} },
  { circumstance: "of an unknown price", changes: { priceMicroUsd: undefined }, on: {} },
])("decideOnUnknown: after the grace, $circumstance, gives up for a person to decide", ({ changes, on }) => {
  expect(decideOnUnknown({ ...call, ...changes }, { ...policy, ...on })).toEqual({
    kind: "give_up",
    failure: { code: "outcome_unknown", retryable: false, message: expect.stringContaining("fal account") },
  });
});
