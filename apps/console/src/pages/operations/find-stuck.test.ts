import type { Queue, Worker } from "@tirage/client";
import { expect, test } from "vitest";
import { findStuck } from "./find-stuck.ts";

const at = "2026-01-05T09:00:00.000Z";
const drain = { state: "drained", left: 0, since: at } as const;
const gateOf = (provider: string) =>
  ({ provider, state: "open", until: null, reason: null, circuit: "closed", detail: null }) as const;
const worker = (rest: Partial<Worker> = {}): Worker => ({
  ...{ service: "generator", id: "one", version: "1", startedAt: at, lastSeenAt: at, gates: [gateOf("fal")] },
  ...rest,
});
const queue: Queue = {
  ...{ name: "generator-work-fal", stream: "WORK", provider: "fal", depth: 2, inFlight: 1, redelivered: 0 },
  ...{ delivered: 0, deliveredPerMinute: null, oldestAgeMs: null },
};
const origin = "http://localhost:8080";
const start = "npm start -- --generators 2";
const resume = "npx tirage workers resume one";

test.each([
  ["nobody is there", [], { waiting: 3, areDrained: false, command: start }],
  ["the last worker is drained", [worker({ drain })], { waiting: 2, areDrained: true, command: resume }],
  ["one of two is drained", [worker({ drain }), worker({ id: "two" })], undefined],
  [
    "who takes work serves another provider",
    [worker({ drain }), worker({ id: "two", gates: [gateOf("replicate")] })],
    { waiting: 2, areDrained: true, command: resume },
  ],
])("findStuck: work waits and %s", (_circumstance, workers, hint) => {
  expect(findStuck([queue], workers, origin)).toEqual(hint);
});

test("findStuck: what waits is in flight at a drained worker, nothing is stuck", () => {
  expect(
    findStuck([{ ...queue, depth: 0 }], [worker({ drain: { ...drain, state: "draining", left: 1 } })], origin),
  ).toBe(undefined);
});
