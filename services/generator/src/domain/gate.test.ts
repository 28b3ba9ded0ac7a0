import { expect, test } from "vitest";
import { isProbing, openGate, recordSign } from "./gate.ts";

test("recordSign: throttled for two seconds, closed for two seconds and not longer by a shorter one", () => {
  const gate = recordSign(openGate, { kind: "throttled", retryAfterMs: 2_000 }, 1_000);
  expect(gate.closedUntilMs).toBe(3_000);
  expect(recordSign(gate, { kind: "throttled", retryAfterMs: 100 }, 1_500).closedUntilMs).toBe(3_000);
  expect(isProbing(gate, 3_000)).toBe(false);
});

test("recordSign: stopped again after each pause, pauses of 30 s doubling to 5 min, and a probe until it goes well", () => {
  let gate = openGate;
  const pauses: number[] = [];
  for (let nowMs = 0; pauses.length < 6; nowMs = gate.closedUntilMs) {
    gate = recordSign(gate, { kind: "stopped" }, nowMs);
    pauses.push(gate.closedUntilMs - nowMs);
  }
  expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  expect(isProbing(gate, gate.closedUntilMs)).toBe(true);
  expect(isProbing(recordSign(gate, { kind: "well" }, gate.closedUntilMs), gate.closedUntilMs)).toBe(false);
});

test("recordSign: several that were under way are refused for the account too, the pause is not longer for it", () => {
  const once = recordSign(openGate, { kind: "stopped" }, 0);
  expect(recordSign(once, { kind: "stopped" }, 20)).toMatchObject({ closedUntilMs: 30_000, stops: 1 });
});

test("fault 36: recordSign: an outage, closes after five submits and probes afterwards", () => {
  let gate = openGate;
  for (let submit = 0; submit < 5; submit += 1) gate = recordSign(gate, { kind: "out" }, submit);
  expect(gate.closedUntilMs).toBeGreaterThan(4_000);
  expect(isProbing(gate, gate.closedUntilMs)).toBe(true);
});
