import type { Gate } from "@tirage/contracts";
import { expect, test } from "vitest";
import { describeGate, type GatedQueue } from "./describe-gate.ts";

const nowMs = Date.parse("2026-11-24T12:00:00Z");
const inAMinute = "2026-11-24T12:01:00Z";
const gate = (change: Partial<Gate>): Gate => ({
  provider: "fal",
  state: "paused",
  until: inAMinute,
  reason: "throttled",
  circuit: "closed",
  detail: null,
  ...change,
});

test.each<[string, GatedQueue, string, string]>([
  ["no pause", { pausedUntil: null, gate: gate({ state: "open", until: null, reason: null }) }, "Open", "as they come"],
  ["a pause that is over", { pausedUntil: "2026-11-24T11:59:00Z" }, "Open", "as they come"],
  ["a person's pause", { pausedUntil: "2200-01-01T00:00:00Z", pausedBy: "person" }, "Paused by a person", "Resume"],
  ["429", { pausedUntil: inAMinute, gate: gate({}) }, "Asked to wait", "in 1 minute"],
  ["an outage", { pausedUntil: inAMinute, gate: gate({ reason: "out" }) }, "Not answering", "probe"],
  ["a refused account", { pausedUntil: null, gate: gate({ state: "stopped", reason: "stopped" }) }, "Stopped", "key"],
  ["a probe", { pausedUntil: null, gate: gate({ state: "probing", until: null }) }, "Probing", "One call"],
  ["a pause without a worker's gate", { pausedUntil: inAMinute }, "Paused", "in 1 minute"],
])("describeGate: %s, says what it is and what comes next", (_, queue, title, detail) => {
  const view = describeGate(queue, nowMs);
  expect(view.title).toContain(title);
  expect(view.detail).toContain(detail);
});
