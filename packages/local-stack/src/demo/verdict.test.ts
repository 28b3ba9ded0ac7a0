import { expect, test } from "vitest";
import { explain, findProblems, formatFigures, type Outcome } from "./verdict.ts";

const well: Outcome = {
  bill: { accepted: 5, paid: 11, paidTwice: 0 },
  ledger: { accepted: 5, paid: 11, delivered: 10, paidTwice: 0, unknown: 0 },
  delivered: 10,
  strikes: [1, 1, 1],
  isKilled: true,
  ended: {
    status: "completed",
    partial: false,
    plan: { generations: 3, batchSize: 4, lastBatchSize: 2, totalProducts: 10 },
  },
  items: [4, 4, 2, 1].map((batchSize) => ({ batchSize, produced: batchSize })),
};

test("formatFigures, explain: all is well, the figures that were found", () => {
  expect(findProblems(well)).toEqual([]);
  expect(formatFigures(well)).toBe("paid 11 · delivered 10 · paid twice 0");
  expect(explain(well).join(" ")).toMatch(
    /4 calls wanted and 5 submitted.* 11 images charged: 10 delivered and 1 that/,
  );
});

test.each([
  ["one image missing", { delivered: 9 }, /9 of 10 images/],
  ["ended short", { ended: { ...well.ended, partial: true } }, /of 10 images/],
  ["charged twice", { bill: { ...well.bill, paidTwice: 1 } }, /charged 1 calls twice/],
  ["ledgers that differ", { ledger: { ...well.ledger, paid: 10 } }, /paid is 11 by the sandbox's ledger and 10/],
  ["nobody killed", { isKilled: false }, /no worker was killed/],
  ["a fault that did not strike", { strikes: [1, 0, 1] }, /struck 1, 0, 1 times/],
] as const)("findProblems: %s, told", (_case, found, problem) => {
  expect(findProblems({ ...well, ...found }).join("; ")).toMatch(problem);
});
