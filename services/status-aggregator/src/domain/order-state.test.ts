import type { OrderRow } from "@tirage/contracts";
import { describe, expect, it } from "vitest";
import { cancelled, completed, createOrderId, failed, instantAt, started } from "../../test/item-events.ts";
import { orderRow } from "../../test/order-row.ts";
import { foldItemEvents, type ItemEvent } from "./fold-item-events.ts";
import { endOrder, hasEnded, type MadeTransition, moveOrder } from "./order-state.ts";

const orderId = createOrderId();
const full = { requested: 4, produced: 4 };
const item = (index: number, at?: number, attempt?: number) => ({ orderId, index, at, attempt });

function made(
  event: ItemEvent,
  previousStatus: MadeTransition["previousStatus"],
  previousProduced = 0,
): MadeTransition {
  const [transition] = foldItemEvents([event]);
  if (!transition) throw new Error("an event makes a transition");
  return { transition, previousStatus, previousProduced };
}

/** Two items of four outputs each, both waiting. */
const twoPending: OrderRow = orderRow({ id: orderId, itemsTotal: 2, itemsPending: 2, productsRequested: 8 });

describe("moveOrder", () => {
  it("without transitions, is the order itself", () => {
    expect(moveOrder(twoPending, [])).toBe(twoPending);
  });

  it("given a started item, is processing since that start", () => {
    const moved = moveOrder(twoPending, [made(started(item(0, 3)), "pending")]);
    expect(moved).toMatchObject({ status: "processing", itemsPending: 1, itemsProcessing: 1, version: 1 });
    expect(moved.startedAt).toEqual(new Date(instantAt(3)));
    expect(moved.finishedAt).toBeNull();
  });

  it("given an item that started before the one heard of first, moves its start back", () => {
    const later = moveOrder(twoPending, [made(started(item(0, 9)), "pending")]);
    const moved = moveOrder(later, [made(started(item(1, 4)), "pending")]);
    expect(moved.startedAt).toEqual(new Date(instantAt(4)));
    expect(moved.version).toBe(2);
  });

  it("given the last items' ends, has ended", () => {
    const oneRuns = { ...twoPending, itemsPending: 1, itemsProcessing: 1 };
    const moved = moveOrder(oneRuns, [
      made(completed(item(0), full), "pending"),
      made(completed(item(1), full), "processing"),
    ]);
    expect(hasEnded(moved)).toBe(true);
    expect(moved).toMatchObject({ status: "completed", partial: false, itemsCompleted: 2, productsProduced: 8 });
  });

  it("given a higher attempt of a completed item, takes back what the attempt before counted", () => {
    const done = {
      ...twoPending,
      itemsPending: 0,
      itemsCompleted: 2,
      productsProduced: 6,
      status: "completed",
      partial: true,
    };
    const moved = moveOrder(done, [made(started(item(0, 20, 2)), "completed", 2)]);
    expect(moved).toMatchObject({ status: "processing", partial: false, itemsCompleted: 1, itemsProcessing: 1 });
    expect(moved).toMatchObject({ productsProduced: 4, error: null, finishedAt: null });
  });

  it("given items stopped before they started, never started", () => {
    const moved = moveOrder(twoPending, [made(cancelled(item(0)), "pending"), made(cancelled(item(1)), "pending")]);
    expect(moved).toMatchObject({ status: "cancelled", startedAt: null });
  });
});

describe("endOrder", () => {
  const finishedAt = new Date(instantAt(30));
  const firstFailure = { code: "content_policy", message: "refused", retryable: false };

  it("given a failed order, tells the first failure", () => {
    const moved = moveOrder(twoPending, [made(failed(item(0)), "pending"), made(failed(item(1)), "pending")]);
    expect(endOrder(moved, { finishedAt, firstFailure })).toMatchObject({
      status: "failed",
      finishedAt,
      error: firstFailure,
    });
  });

  it("given a partial order with a failed item, tells the failure", () => {
    const moved = moveOrder(twoPending, [made(failed(item(0)), "pending"), made(completed(item(1), full), "pending")]);
    expect(endOrder(moved, { finishedAt, firstFailure })).toMatchObject({ partial: true, error: firstFailure });
  });

  it("given a partial order in which nothing failed, tells how many products there are", () => {
    const short = { requested: 4, produced: 3 };
    const moved = moveOrder(twoPending, [
      made(completed(item(0), short), "pending"),
      made(completed(item(1), full), "pending"),
    ]);
    const { error } = endOrder(moved, { finishedAt, firstFailure: null });
    expect(error).toEqual({ code: "partial_batch", message: "7 of 8 products", retryable: false });
  });

  it("given an order whose products are all there in spite of a failure, tells none", () => {
    const madeUp = { ...twoPending, productsRequested: 4 };
    const moved = moveOrder(madeUp, [made(failed(item(0)), "pending"), made(completed(item(1), full), "pending")]);
    expect(endOrder(moved, { finishedAt, firstFailure })).toMatchObject({ status: "completed", error: null });
  });
});
