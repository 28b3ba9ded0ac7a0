import { maximumBodyBytes, orderSnapshot } from "@tirage/contracts";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createOrderId } from "../../test/item-events.ts";
import { orderRow } from "../../test/order-row.ts";
import { announceOrder } from "./announce-order.ts";

const id = createOrderId();
const ended = { id, version: 5, itemsPending: 0, finishedAt: new Date(Date.UTC(2026, 0, 2)) };

describe("announceOrder", () => {
  it("given an order under way, tells its state only", () => {
    const messages = announceOrder(orderRow({ id, status: "processing", version: 3 }));
    expect(messages.map(({ name, id: messageId }) => [name, messageId])).toEqual([
      ["order.updated", `${id}:updated:3`],
    ]);
  });

  it.each(["completed", "failed", "cancelled"] as const)(
    "given a %s order, tells its end with the whole order",
    (status) => {
      const messages = announceOrder(orderRow({ ...ended, status, prompt: "two cats" }));
      expect(messages.map(({ name }) => name)).toEqual(["order.updated", `order.${status}`]);
      expect(messages[1]?.id).toBe(`${id}:${status}:5`);
      expect(messages[1]?.payload).toMatchObject({ orderId: id, order: { status, prompt: "two cats" } });
    },
  );

  it("given an order too large for a message, leaves out what the customer wrote and tells the end all the same", () => {
    const row = orderRow({ ...ended, status: "completed", parameters: { mask: "x".repeat(maximumBodyBytes) } });
    const [, completed] = announceOrder(row);
    expect(Buffer.byteLength(JSON.stringify(completed?.payload))).toBeLessThan(maximumBodyBytes);
    expect(completed?.payload).toMatchObject({ order: { parameters: {}, urls: { self: `/v1/orders/${id}` } } });
  });

  it("given any order, carries it as the messages' schema has it", () => {
    const [, completed] = announceOrder(orderRow({ ...ended, status: "completed", metadata: { job: "7" } }));
    const payload = z.object({ order: orderSnapshot.strict() }).loose().parse(completed?.payload);
    expect(completed?.payload).toMatchObject({ order: payload.order });
  });
});
