import { testOrderId } from "@tirage/contracts/testing";
import { expect, test } from "vitest";
import { findMissingItems, noSuspicions, type Sequences } from "./find-missing-items.ts";

const absent = [{ orderId: testOrderId(1), index: 0, attempt: 1, firstAttempt: 1, batchSize: 4 }];
const handled: Sequences = { orders: Number.POSITIVE_INFINITY, items: Number.POSITIVE_INFINITY };

/** Sweeps over the same absent item, each with what was acknowledged before it; how many are missing in each. */
function sweep(acknowledged: readonly Sequences[], last: Sequences = { orders: 10, items: 20 }): number[] {
  let suspicions = noSuspicions;
  return acknowledged.map((floor) => {
    const found = findMissingItems({ absent, suspicions, acknowledged: floor, last });
    suspicions = found.suspicions;
    return found.missing.length;
  });
}

test("findMissingItems: absent with nothing in transit, is missing at the third sweep and suspected anew after it", () => {
  expect(sweep([handled, handled, handled, handled])).toEqual([0, 0, 1, 0]);
});

test("findMissingItems: the order's message is not handled, is never missing", () => {
  const lagging = { orders: 9, items: Number.POSITIVE_INFINITY };
  expect(sweep([lagging, lagging, lagging, lagging, lagging])).toEqual([0, 0, 0, 0, 0]);
});

test("findMissingItems: results wait to be applied, is missing only when they are", () => {
  const lagging = { orders: Number.POSITIVE_INFINITY, items: 19 };
  expect(sweep([lagging, lagging, lagging, lagging, { ...lagging, items: 20 }])).toEqual([0, 0, 0, 0, 1]);
});

test("findMissingItems: seen again in between, is suspected from the beginning", () => {
  const last = { orders: 10, items: 20 };
  const first = findMissingItems({ absent, suspicions: noSuspicions, acknowledged: handled, last });
  const seen = findMissingItems({ absent: [], suspicions: first.suspicions, acknowledged: handled, last });
  expect(seen.suspicions.size).toBe(0);
});
