import { generationSeed, itemIdOf } from "@tirage/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderRow } from "../../test/order-row.ts";
import { type EndedItem, maximumExtraItems, planTopUp, unheardRound } from "./top-up.ts";

const id = "01234567-0000-7000-8000-000000000000";
const instant = (second: number) => new Date(second * 1_000);

type Ending = Partial<EndedItem> & Pick<EndedItem, "batchSize">;
const completed = (batchSize: number, produced: number): Ending => ({ batchSize, produced });
const failed = (batchSize: number, code: string): Ending => ({ batchSize, code, status: "failed" });

/** An order of full batches of four whose items ended like this, the extra ones in rounds of one item. */
function ended(generations: number, endings: readonly Ending[], fields: Parameters<typeof orderRow>[0] = { id }) {
  const items = endings.map((ending, index) => ({
    index,
    status: "completed",
    produced: 0,
    code: null,
    createdAt: instant(Math.max(0, index - generations + 1)),
    ...ending,
  }));
  const order = orderRow({
    generations,
    productsRequested: items.slice(0, generations).reduce((sum, { batchSize }) => sum + batchSize, 0),
    productsProduced: items.reduce((sum, { produced }) => sum + produced, 0),
    itemsTotal: items.length,
    itemsPending: 0,
    shortfall: "top_up",
    ...fields,
  });
  return planTopUp(order, items);
}
const sizes = (items: readonly { batchSize: number }[]) => items.map(({ batchSize }) => batchSize);

describe("planTopUp", () => {
  it("given a short batch and a filtered one, asks for what is missing in one full batch and a rest", () => {
    const extra = ended(3, [completed(4, 3), failed(4, "moderated"), completed(4, 4)]);
    expect(extra).toMatchObject([
      { id: itemIdOf(id, 3), orderId: id, index: 3, batchSize: 4, seed: generationSeed(7, 3) },
      { index: 4, batchSize: 1, seed: generationSeed(7, 4) },
    ]);
  });

  it("given every product, an order that accepts less, or a cancelled item, asks for nothing", () => {
    expect(ended(1, [completed(4, 4)])).toEqual([]);
    expect(ended(1, [completed(4, 3)], { id, shortfall: "accept" })).toEqual([]);
    expect(ended(1, [completed(4, 3)], { id, itemsCancelled: 1 })).toEqual([]);
  });

  it.each(["validation", "model_not_found", "provider_refused", "outcome_unknown", "deadline_exceeded", "lost"])(
    "given an item that failed with %s, makes up for the others only",
    (code) => {
      expect(ended(1, [failed(4, code)])).toEqual([]);
      expect(sizes(ended(2, [failed(4, code), completed(4, 2)]))).toEqual([2]);
      expect(ended(2, [failed(4, code), completed(4, 2), completed(2, 2)])).toEqual([]);
    },
  );

  it("given two rounds that brought nothing, goes on until five items were in vain", () => {
    const vain = (count: number) => Array.from({ length: count }, () => failed(1, "moderated"));
    expect(ended(1, [completed(4, 3), ...vain(4)])).toHaveLength(1);
    expect(ended(1, [completed(4, 3), ...vain(5)])).toEqual([]);
    expect(ended(1, [completed(4, 2), ...vain(4), completed(1, 1), ...vain(2)])).toHaveLength(1);
  });

  it("given any endings, asks for exactly what is missing, or for as much as the bound allows", () => {
    const ending = fc.record({
      batchSize: fc.constant(4),
      produced: fc.integer({ min: 0, max: 4 }),
      code: fc.constantFrom("moderated", "no_outputs", "outcome_unknown"),
    });
    fc.assert(
      fc.property(fc.array(ending, { minLength: 1, maxLength: 40 }), (endings) => {
        const items = endings.map((item) => (item.produced > 0 ? completed(4, item.produced) : failed(4, item.code)));
        const lost = items.reduce((sum, { batchSize, produced, code }) => {
          return code === "outcome_unknown" ? sum : sum + batchSize - (produced ?? 0);
        }, 0);
        const extra = ended(items.length, items);
        expect(sizes(extra).reduce((sum, size) => sum + size, 0)).toBe(lost);
        expect(extra.map(({ index }) => index)).toEqual(extra.map((_, position) => items.length + position));
        expect(extra.every(({ batchSize }) => batchSize >= 1 && batchSize <= 4)).toBe(true);
      }),
    );
  });

  it("given whatever rounds bring, ends within the bound and never makes more than was asked", () => {
    const brought = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), brought, (generations, yields) => {
        const items: Ending[] = Array.from({ length: generations }, () => completed(4, 1));
        for (let extra = ended(generations, items); extra.length > 0; extra = ended(generations, items)) {
          const createdAt = instant(1_000 + items.length);
          for (const { batchSize } of extra) {
            items.push({ ...completed(batchSize, Math.min(batchSize, yields[items.length] ?? 0)), createdAt });
          }
        }
        expect(items.length - generations).toBeLessThanOrEqual(maximumExtraItems(generations));
        const made = items.reduce((sum, { produced }) => sum + (produced ?? 0), 0);
        expect(made).toBeLessThanOrEqual(4 * generations);
      }),
    );
  });
});

describe("unheardRound", () => {
  const item = (index: number, status: string, second: number) => ({ index, status, createdAt: instant(second) });

  it("given a last round that nobody began, names it alone", () => {
    const round = [item(4, "pending", 2), item(5, "pending", 2)];
    expect(unheardRound([item(3, "completed", 1), ...round])).toEqual(round);
  });

  it("given a last round that was begun, or none, names nothing", () => {
    expect(unheardRound([item(3, "pending", 1), item(4, "processing", 1)])).toEqual([]);
    expect(unheardRound([])).toEqual([]);
  });
});
