import { expect, test } from "vitest";
import { HandBackError, PermanentError } from "./errors.ts";
import { decideOnFailure, retryDelayMs } from "./retry-policy.ts";

const circumstances = { deliveryCount: 1, deadLetterAfterDeliveries: 20, random: 1 };

test("decideOnFailure: a permanent error, is dead-lettered with its code", () => {
  expect(decideOnFailure(new PermanentError("unreadable", "no such field"), circumstances)).toEqual({
    kind: "dead-letter",
    code: "unreadable",
    reason: "no such field",
  });
});

test("decideOnFailure: a hand-back, returns the message at once", () => {
  expect(decideOnFailure(new HandBackError("stopping"), circumstances)).toEqual({ kind: "give-back", delayMs: 0 });
});

test("decideOnFailure: an unclassified error, is given back and dead-lettered at the last delivery", () => {
  expect(decideOnFailure(new Error("x"), circumstances)).toEqual({ kind: "give-back", delayMs: 250 });
  expect(decideOnFailure(new Error("x"), { ...circumstances, deliveryCount: 20 })).toEqual({
    kind: "dead-letter",
    code: "retries_exhausted",
    reason: "x",
  });
});

test("retryDelayMs: rising deliveries, doubles with jitter and never exceeds five seconds", () => {
  expect([1, 2, 3, 10, 60].map((count) => retryDelayMs(count, 1))).toEqual([250, 500, 1_000, 5_000, 5_000]);
  expect([1, 2, 3, 10].map((count) => retryDelayMs(count, 0))).toEqual([125, 250, 500, 2_500]);
});
