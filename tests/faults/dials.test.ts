import { expect, test } from "vitest";
import { planDials } from "./dials.ts";

test("planDials: the same seed twice, the same dials; another seed, others", () => {
  expect(planDials(1, 500)).toEqual(planDials(1, 500));
  expect(planDials(2, 500)).not.toEqual(planDials(1, 500));
});

test.each([120, 200, 2_000])("planDials: a run of %i items, each dial strikes within it", (items) => {
  for (const { every, skip, provider } of planDials(3, items)) {
    expect(skip + every).toBeLessThanOrEqual(provider ? items / 3 : items);
  }
});
