import { expect, test } from "vitest";
import { changeOf, closedUntilMs, type Gate, heedChange, heedHold, isProbing, openGate, recordSign } from "./gate.ts";

const stopped = { kind: "stopped", detail: "402" } as const;
const out = { kind: "out", detail: "no answer" } as const;
const well = { kind: "well" } as const;

/** What another replica knows after it was told of the change from one gate to the next. */
const told = (before: Gate, after: Gate, atMs: number, other = openGate): Gate => {
  const change = changeOf("fal", before, after, atMs);
  return change ? heedChange(other, change, atMs) : other;
};
const afterOutage = (): Gate => {
  let gate = openGate;
  for (let submit = 0; submit < 5; submit += 1) gate = recordSign(gate, out, submit);
  return gate;
};

test("recordSign: throttled for two seconds, closed for two seconds and not longer by a shorter one", () => {
  const gate = recordSign(openGate, { kind: "throttled", retryAfterMs: 2_000 }, 1_000);
  expect(closedUntilMs(gate)).toBe(3_000);
  expect(closedUntilMs(recordSign(gate, { kind: "throttled", retryAfterMs: 100 }, 1_500))).toBe(3_000);
  expect(isProbing(gate, 3_000)).toBe(false);
});

test("recordSign: stopped again after each pause, pauses of 30 s doubling to 5 min, and a probe until it goes well", () => {
  let gate = openGate;
  const pauses: number[] = [];
  for (let nowMs = 0; pauses.length < 6; nowMs = closedUntilMs(gate)) {
    gate = recordSign(gate, stopped, nowMs);
    pauses.push(closedUntilMs(gate) - nowMs);
  }
  expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  const endMs = closedUntilMs(gate);
  expect(isProbing(gate, endMs)).toBe(true);
  expect(isProbing(recordSign(gate, well, endMs), endMs)).toBe(false);
});

test("recordSign: others were under way when the account was refused, their answers change nothing", () => {
  const once = recordSign(openGate, stopped, 0);
  for (const sign of [stopped, well]) expect(recordSign(once, sign, 20)).toMatchObject({ stops: 1 });
  expect(closedUntilMs(recordSign(once, stopped, 20))).toBe(30_000);
});

test("fault 36: recordSign: an outage, closes after five submits and probes afterwards", () => {
  const gate = afterOutage();
  expect(closedUntilMs(gate)).toBeGreaterThan(4_000);
  expect(isProbing(gate, closedUntilMs(gate))).toBe(true);
});

test("fault 35: changeOf: throttled, out or stopped, another replica's gate is closed until the same instant", () => {
  const throttled = recordSign(openGate, { kind: "throttled", retryAfterMs: 2_000 }, 1_000);
  for (const gate of [throttled, recordSign(openGate, stopped, 1_000), afterOutage()]) {
    expect(closedUntilMs(told(openGate, gate, 1_000))).toBe(closedUntilMs(gate));
  }
});

test("changeOf: a submit like any other, nobody is told", () => {
  expect(changeOf("fal", openGate, recordSign(openGate, well, 1), 1)).toBeUndefined();
  expect(changeOf("fal", openGate, recordSign(openGate, out, 1), 1)).toBeUndefined();
});

test("heedChange: the probe of another replica goes well, both gates are open; the pauses of the next stop are short", () => {
  for (const closed of [recordSign(openGate, stopped, 0), afterOutage()]) {
    const other = told(openGate, closed, 0);
    const endMs = closedUntilMs(closed);
    expect(isProbing(other, endMs)).toBe(true);
    const mended = told(closed, recordSign(closed, well, endMs), endMs, other);
    expect(isProbing(mended, endMs)).toBe(false);
    expect(closedUntilMs(mended)).toBeLessThanOrEqual(endMs);
    expect(closedUntilMs(recordSign(mended, stopped, endMs))).toBe(endMs + 30_000);
  }
});

test("heedChange: mended elsewhere while the provider asks for a pause, the pause stays", () => {
  const gate = recordSign(recordSign(openGate, stopped, 0), { kind: "throttled", retryAfterMs: 40_000 }, 0);
  expect(closedUntilMs(heedChange(gate, { provider: "fal", change: "mended" }, 30_000))).toBe(40_000);
});

test("heedChange: stopped twice by another replica, the next stop of this one is the third", () => {
  const until = new Date(60_000).toISOString();
  const gate = heedChange(openGate, { provider: "fal", change: "stopped", until, repeats: 2 }, 0);
  expect(closedUntilMs(recordSign(gate, stopped, 60_000))).toBe(180_000);
});

test("heedChange: resumed by a person, a probe at once for what was stopped, out or paused", () => {
  const until = new Date(90_000).toISOString();
  const paused = heedChange(openGate, { provider: "fal", change: "paused", until }, 0);
  expect(closedUntilMs(paused)).toBe(90_000);
  for (const gate of [paused, recordSign(openGate, stopped, 0), afterOutage()]) {
    const resumed = heedChange(gate, { provider: "fal", change: "resumed" }, 1_000);
    expect(closedUntilMs(resumed)).toBeLessThanOrEqual(1_000);
    expect(isProbing(resumed, 1_000)).toBe(gate !== paused);
  }
});

test("heedHold: the consumer is paused though no change was heard, closed as long and open when it is not any more", () => {
  const held = heedHold(openGate, 5_000);
  expect(closedUntilMs(held)).toBe(5_000);
  expect(closedUntilMs(heedHold(held, 0))).toBe(0);
});
