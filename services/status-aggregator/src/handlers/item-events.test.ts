import { silentLogger } from "@tirage/messaging/testing";
import { describe, expect, it } from "vitest";
import { completed, createOrderId } from "../../test/item-events.ts";
import { orderRow } from "../../test/order-row.ts";
import type { RollupStore } from "../ports.ts";
import { createItemEventsHandler } from "./item-events.ts";

const orderId = createOrderId();
const deliveries = [{ ...completed({ orderId, index: 0 }, { requested: 4, produced: 4 }), id: "1" }];

function handle(apply: RollupStore["apply"]) {
  const unused = () => Promise.reject(new Error("item events only apply"));
  const store = { apply, recount: unused, reopen: unused };
  const handler = createItemEventsHandler({ store, observer: { applied: () => undefined }, logger: silentLogger });
  return handler.handle(deliveries);
}

describe("item events", () => {
  it("given a batch that the database refuses, throws, so that messaging finds the event at fault", async () => {
    const refusal = Object.assign(new Error("value too long"), { code: "22001" });
    await expect(handle(() => Promise.reject(refusal))).rejects.toBe(refusal);
  });

  it("given a batch that changed nothing, announces the order's present state all the same", async () => {
    const row = orderRow({ id: orderId, status: "completed", version: 4, itemsPending: 0, itemsCompleted: 1 });
    const unchanged = { orders: [row], ended: [], topUps: [], made: [], missingOrderIds: [] };
    const messages = await handle(() => Promise.resolve(unchanged));
    expect(messages.map(({ id }) => id)).toEqual([`${orderId}:updated:4`, `${orderId}:completed:4`]);
  });
});
