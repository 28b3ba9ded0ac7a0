import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ItemStatus, isTerminal, itemStatuses, type Progress, rollUp } from "./rollup.ts";

interface CountedItem {
  readonly status: ItemStatus;
  readonly requested: number;
  readonly produced: number;
}

/** An item as it may stand: only a completed one has produced something. */
const anyItem: fc.Arbitrary<CountedItem> = fc
  .record({ status: fc.constantFrom(...itemStatuses), requested: fc.integer({ min: 1, max: 4 }), short: fc.nat(4) })
  .map(({ status, requested, short }) => ({
    status,
    requested,
    produced: status === "completed" ? Math.max(0, requested - short) : 0,
  }));
const someItems = fc.array(anyItem, { minLength: 1, maxLength: 8 });

function progressOf(items: readonly CountedItem[]): Progress {
  const countOf = (status: ItemStatus) => items.filter((item) => item.status === status).length;
  return {
    items: {
      total: items.length,
      pending: countOf("pending"),
      processing: countOf("processing"),
      completed: countOf("completed"),
      failed: countOf("failed"),
      cancelled: countOf("cancelled"),
    },
    products: {
      requested: items.reduce((sum, { requested }) => sum + requested, 0),
      produced: items.reduce((sum, { produced }) => sum + produced, 0),
    },
  };
}
const ofStatuses = (...statuses: ItemStatus[]) =>
  progressOf(statuses.map((status) => ({ status, requested: 4, produced: status === "completed" ? 4 : 0 })));

describe("rollUp", () => {
  it.each<{ items: ItemStatus[]; status: string; partial: boolean }>([
    { items: ["pending", "pending"], status: "pending", partial: false },
    { items: ["pending", "processing"], status: "processing", partial: false },
    { items: ["pending", "completed"], status: "processing", partial: false },
    { items: ["pending", "failed"], status: "processing", partial: false },
    { items: ["completed", "completed"], status: "completed", partial: false },
    { items: ["completed", "failed"], status: "completed", partial: true },
    { items: ["completed", "cancelled"], status: "completed", partial: true },
    { items: ["failed", "failed"], status: "failed", partial: false },
    { items: ["failed", "cancelled"], status: "failed", partial: false },
    { items: ["cancelled", "cancelled"], status: "cancelled", partial: false },
  ])("given $items, is $status", ({ items, status, partial }) => {
    expect(rollUp(ofStatuses(...items))).toEqual({ status, partial });
  });

  it("given an order without items, is pending", () => {
    expect(rollUp(progressOf([]))).toEqual({ status: "pending", partial: false });
  });

  it("given a completed item that produced too little, is partial", () => {
    const items: CountedItem[] = [{ status: "completed", requested: 4, produced: 3 }];
    expect(rollUp(progressOf(items))).toEqual({ status: "completed", partial: true });
  });

  it("given a failed item whose products another item made up, is not partial", () => {
    const { items } = ofStatuses("completed", "failed");
    expect(rollUp({ items, products: { requested: 4, produced: 4 } })).toEqual({ status: "completed", partial: false });
  });

  it("given any items in any order, is the same", () => {
    const shuffled = someItems.chain((items) =>
      fc.record({ items: fc.constant(items), others: fc.shuffledSubarray(items, { minLength: items.length }) }),
    );
    fc.assert(
      fc.property(shuffled, ({ items, others }) => {
        expect(rollUp(progressOf(others))).toEqual(rollUp(progressOf(items)));
      }),
    );
  });

  it("given any items, has ended exactly when all of them have", () => {
    fc.assert(
      fc.property(someItems, (items) => {
        expect(isTerminal(rollUp(progressOf(items)).status)).toBe(items.every(({ status }) => isTerminal(status)));
      }),
    );
  });

  it("given any items, is partial exactly when it completed with products missing", () => {
    fc.assert(
      fc.property(someItems, (items) => {
        const progress = progressOf(items);
        const { status, partial } = rollUp(progress);
        expect(partial).toBe(status === "completed" && progress.products.produced < progress.products.requested);
      }),
    );
  });
});
