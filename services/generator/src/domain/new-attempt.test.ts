import { expect, test } from "vitest";
import { workOf } from "../../test/in-memory-ports.ts";
import { nextAttemptOf, underEpoch } from "./new-attempt.ts";

const work = (attempt: number, firstAttempt?: number) =>
  workOf({ attempt, ...(firstAttempt === undefined ? {} : { firstAttempt }) }).payload;

test("nextAttemptOf: an unbilled failure of a first attempt, is followed by the same work as the second", () => {
  expect(nextAttemptOf(work(4), "unbilled")?.payload).toEqual({ ...work(5), firstAttempt: 4 });
});

test.each([
  ["unbilled", 1, 1, 2],
  ["unbilled", 2, 1, 3],
  ["unbilled", 3, 1, undefined],
  ["unbilled", 3, 2, 4],
  ["interrupted", 1, 1, 2],
  ["interrupted", 2, 1, undefined],
  [undefined, 1, 1, undefined],
  ["unbilled", 63, 63, undefined],
] as const)(
  "nextAttemptOf: after failure %s of attempt %i, asked for as %i, attempt %s",
  (passing, at, first, next) => {
    expect(nextAttemptOf(work(at, first), passing)?.payload.attempt).toBe(next);
  },
);

test("underEpoch: announced by a delivery of a later epoch, has an id of its own; by a repeat, the same", () => {
  const next = nextAttemptOf(work(1), "unbilled");
  if (!next) throw new Error("no attempt follows");
  expect(underEpoch(next, 0)).toEqual(next);
  expect(underEpoch(next, 7).id).toBe(`${work(1).itemId}:2:7`);
});
