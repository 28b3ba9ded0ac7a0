import { expect, test } from "vitest";
import { narrate } from "./narrate.ts";

const names: Record<string, string> = { "host-1": "generator-1", "host-2": "generator-2" };
const telling = { provider: "fal", generations: 3, nameOf: (id: string | null) => names[id ?? ""] ?? "a worker" };
const item = {
  index: 0,
  attempt: 1,
  batchSize: 4,
  status: "pending",
  produced: 0,
  workerId: null,
  error: null,
} as const;
const running = { ...item, status: "processing", workerId: "host-1" } as const;
const whole = { ...running, status: "completed", produced: 4 } as const;

test.each([
  ["nothing new", running, running, []],
  ["the first look at a call that waits", undefined, item, []],
  ["accepted", item, running, ["call 1: fal accepted it, 4 images; generator-1 waits for it"]],
  ["whole", running, whole, ["call 1: 4 of 4 images stored"]],
  [
    "short",
    running,
    { ...whole, produced: 3 },
    ["call 1: 3 of 4 images stored; 1 cannot be used and will be ordered again"],
  ],
  [
    "failed at the provider and waiting for its next attempt",
    running,
    { ...item, attempt: 2 },
    ["call 1 failed at fal: tries it again by itself, attempt 2"],
  ],
  [
    "next attempt accepted by another worker",
    running,
    { ...running, attempt: 2, workerId: "host-2" },
    [
      "call 1 failed at fal: tries it again by itself, attempt 2",
      "call 1: fal accepted it, 4 images; generator-2 waits for it",
    ],
  ],
  [
    "taken over and stored",
    running,
    { ...whole, workerId: "host-2" },
    ["call 1: generator-2 took over and asked fal for the same request", "call 1: 4 of 4 images stored"],
  ],
  [
    "an item beyond the plan",
    undefined,
    { ...item, index: 3, batchSize: 1 },
    ["orders what is missing: call 4, 1 image"],
  ],
  [
    "failed for good",
    running,
    { ...running, status: "failed", error: { code: "moderated", message: "refused", retryable: false } },
    ["call 1 has failed for good: refused"],
  ],
] as const)("narrate: %s", (_case, before, now, lines) => {
  expect(narrate(before, now, telling)).toEqual(lines);
});
