import type { Priority } from "@tirage/contracts";
import { expect, test } from "vitest";
import { noCredits, pickLane } from "./pick-lane.ts";

function pickTimes(waiting: readonly Priority[], times: number): Priority[] {
  let credits = noCredits;
  return Array.from({ length: times }, () => {
    const pick = pickLane(waiting, credits);
    if (!pick) throw new Error("a lane is waiting");
    credits = pick.credits;
    return pick.lane;
  });
}

test("pickLane: all lanes waiting, shares ten picks 6 : 3 : 1 and spreads them", () => {
  const picks = pickTimes(["interactive", "standard", "bulk"], 10);
  const count = (lane: Priority) => picks.filter((picked) => picked === lane).length;
  expect([count("interactive"), count("standard"), count("bulk")]).toEqual([6, 3, 1]);
  expect(picks.slice(0, 4)).toContain("standard");
});

test("pickLane: one lane alone, gets every pick", () => {
  expect(new Set(pickTimes(["bulk"], 5))).toEqual(new Set(["bulk"]));
});

test("pickLane: no lane waiting, picks none", () => {
  expect(pickLane([], noCredits)).toBeUndefined();
});
