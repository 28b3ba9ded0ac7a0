import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cancelled, completed, createOrderId, failed, instantAt, started } from "../../test/item-events.ts";
import { foldItemEvents, type ItemEvent, type ItemTransition } from "./fold-item-events.ts";

const orderId = createOrderId();
const batch = { requested: 4, produced: 3 };

/** The plainest reading of a history in the order in which it happened: the last event decides, facts are kept. */
function replay(history: readonly ItemEvent[]): Partial<ItemTransition> {
  let state: Partial<ItemTransition> = {};
  for (const { name, payload } of history) {
    if (payload.attempt !== state.attempt) state = { attempt: payload.attempt };
    if (name === "item.started") {
      const { startedAt, providerRequestId } = payload;
      state = { ...state, status: "processing", startedAt, providerRequestId };
    } else {
      const status = name.slice("item.".length) as ItemTransition["status"];
      const produced = name === "item.completed" ? payload.outputs : [];
      const error = name === "item.failed" ? payload.error : null;
      state = { ...state, status, finishedAt: payload.finishedAt, outputs: produced, error };
    }
    state = { ...state, workerId: payload.workerId };
  }
  return state;
}

/** What an item lives through: attempts one after another, each started or not, only the last perhaps without an end. */
const history = fc
  .array(
    fc.record({
      isStarted: fc.boolean(),
      end: fc.constantFrom("completed", "failed", "cancelled"),
      workerId: fc.constantFrom("worker-1", "worker-2"),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .chain((attempts) => fc.record({ attempts: fc.constant(attempts), isOpen: fc.boolean(), index: fc.nat(3) }))
  .map(({ attempts, isOpen, index }) =>
    attempts.flatMap(({ isStarted, end, workerId }, position) => {
      const place = { orderId, index, attempt: position + 1, workerId };
      const at = position * 10;
      const isRunning = isOpen && position === attempts.length - 1;
      const start = isStarted || isRunning ? [started({ ...place, at })] : [];
      if (isRunning) return start;
      const ending = { ...place, at: at + 5 };
      const terminal = { completed: completed(ending, batch), failed: failed(ending), cancelled: cancelled(ending) }[
        end
      ];
      return [...start, terminal];
    }),
  );

describe("foldItemEvents", () => {
  it("given any permutation and duplication of a valid history, comes to what the history says", () => {
    const delivered = history.chain((events) =>
      fc.record({
        events: fc.constant(events),
        arrivals: fc
          .array(fc.constantFrom(...events), { maxLength: 8 })
          .chain((again) => fc.shuffledSubarray([...events, ...again], { minLength: events.length + again.length })),
      }),
    );
    fc.assert(
      fc.property(delivered, ({ events, arrivals }) => {
        const folded = foldItemEvents(arrivals);
        expect(folded).toHaveLength(1);
        expect(folded[0]).toMatchObject(replay(events));
      }),
    );
  });

  it("given the histories of several items mixed, gives each item what it comes to alone", () => {
    const histories = fc.uniqueArray(history, {
      minLength: 2,
      maxLength: 4,
      selector: (events) => events[0]?.payload.index,
    });
    const mixed = histories.chain((all) =>
      fc.record({ all: fc.constant(all), arrivals: fc.shuffledSubarray(all.flat(), { minLength: all.flat().length }) }),
    );
    fc.assert(
      fc.property(mixed, ({ all, arrivals }) => {
        const together = new Map(foldItemEvents(arrivals).map((transition) => [transition.itemId, transition]));
        expect(together.size).toBe(all.length);
        for (const events of all) {
          const [alone] = foldItemEvents(events);
          expect(together.get(alone?.itemId ?? "")).toEqual(alone);
        }
      }),
    );
  });

  it("given two terminal events of one attempt, lets the first stand", () => {
    const [transition] = foldItemEvents([failed({ orderId, index: 0 }), completed({ orderId, index: 0 }, batch)]);
    expect(transition).toMatchObject({ status: "failed", outputs: [] });
  });

  it("given two starts of one attempt, keeps the earlier", () => {
    const [transition] = foldItemEvents([
      started({ orderId, index: 0, at: 9, workerId: "worker-2" }),
      started({ orderId, index: 0, at: 4, workerId: "worker-1" }),
    ]);
    expect(transition).toMatchObject({ startedAt: instantAt(4), workerId: "worker-1" });
  });

  it("given a terminal event that knows its provider request, prefers its word over the start's", () => {
    const completion = completed({ orderId, index: 0 }, batch) as Extract<ItemEvent, { name: "item.completed" }>;
    const informed = { ...completion, payload: { ...completion.payload, providerRequestId: "resumed-1" } };
    const [transition] = foldItemEvents([started({ orderId, index: 0, at: 1 }), informed]);
    expect(transition).toMatchObject({ providerRequestId: "resumed-1", startedAt: instantAt(1) });
  });
});
