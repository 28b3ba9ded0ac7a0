import { expect, test } from "vitest";
import { decideOnUnknown, hasTimeToSubmit, submitTimeoutMs } from "./submit-rules.ts";

test("hasTimeToSubmit: only while a submit that times out would still end before the lease", () => {
  expect(hasTimeToSubmit(1_000, 1_000 + submitTimeoutMs + 1)).toBe(true);
  expect(hasTimeToSubmit(1_000, 1_000 + submitTimeoutMs)).toBe(false);
});

test("decideOnUnknown: within the grace, waits; at its end, gives up for a person to decide", () => {
  expect(decideOnUnknown({ submitAgeMs: 119_999, provider: "fal" }, 120_000)).toEqual({ kind: "wait" });
  expect(decideOnUnknown({ submitAgeMs: 120_000, provider: "fal" }, 120_000)).toEqual({
    kind: "give_up",
    failure: { code: "outcome_unknown", retryable: false, message: expect.stringContaining("fal account") },
  });
});
