import { expect, test } from "vitest";
import { isSandboxed } from "./is-sandboxed.ts";
import type { Worker } from "./operations.ts";

const worker = {
  ...{ service: "generator", id: "vm-1", version: "0.1.0", sandboxed: ["fal"] },
  ...{ startedAt: "2026-11-24T12:00:00Z", lastSeenAt: "2026-11-24T12:30:00Z" },
} satisfies Worker;
const of = (...replicas: Worker[]) => ({ services: [{ service: "generator", replicas }] });

test.each<[string, Parameters<typeof isSandboxed>, boolean]>([
  ["of the one generator", [of(worker), "fal"], true],
  ["of another provider", [of(worker), "replicate"], false],
  ["of one generator of two", [of(worker, { ...worker, sandboxed: [] }), "fal"], false],
  ["of a generator that does not say", [of({ ...worker, sandboxed: undefined }), "fal"], false],
  ["without a generator", [of(), "fal"], false],
  ["while the broker is away", [{ services: null }, "fal"], false],
  ["for what came after its start", [of(worker), "fal", "2026-11-24T12:00:01+00:00"], true],
  ["for what came before its start", [of(worker), "fal", "2026-11-24T11:59:59Z"], false],
])("isSandboxed: %s", (_, parameters, expected) => {
  expect(isSandboxed(...parameters)).toBe(expected);
});
