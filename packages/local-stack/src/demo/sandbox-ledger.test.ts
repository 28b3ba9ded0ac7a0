import { expect, test } from "vitest";
import { addUp } from "./sandbox-ledger.ts";

const sold = (seed: number, images: number, billed = true) => ({ input: { seed }, images, billed });

test("addUp: a failed call and its second attempt, another order's call, and one charged twice; counts its own", () => {
  const submissions = [
    sold(7, 0, false),
    sold(7, 4),
    sold(8, 4),
    sold(8, 4),
    sold(99, 4),
    { ...sold(7, 1), input: {} },
  ];

  expect(addUp(submissions, new Set([7, 8]))).toEqual({ accepted: 4, paid: 12, paidTwice: 1 });
});
