import { describe, expect, it } from "vitest";
import { orderSnapshot } from "./http/order.ts";
import { type OrderRow, orderRowToOrder } from "./order-row.ts";

const row: OrderRow = {
  id: "01890a5d-ac96-774b-bcce-b302099a8057",
  tenantId: "local",
  status: "processing",
  partial: false,
  version: 3,
  provider: "fal",
  model: "fal-ai/flux/schnell",
  modelVersion: null,
  prompt: "a lighthouse at dusk",
  parameters: { guidance: 3 },
  metadata: { job: "7" },
  priority: "standard",
  shortfall: "accept",
  seed: 4_294_967_295n,
  generations: 3,
  batchSize: 4,
  lastBatchSize: 2,
  productsRequested: 10,
  productsProduced: 4,
  itemsTotal: 3,
  itemsPending: 1,
  itemsProcessing: 1,
  itemsCompleted: 1,
  itemsFailed: 0,
  itemsCancelled: 0,
  error: null,
  createdAt: new Date("2026-01-05T09:00:00.000Z"),
  startAt: null,
  expiresAt: null,
  startedAt: new Date("2026-01-05T09:00:01.000Z"),
  finishedAt: null,
};

describe("orderRowToOrder", () => {
  it("given a row, shows an order that the messages' schema takes as it is", () => {
    const order = orderRowToOrder(row);
    expect(orderSnapshot.strict().parse(order)).toEqual(order);
  });

  it("given a row that Prisma read, shows its bigint seed as a number", () => {
    expect(orderRowToOrder(row).seed).toBe(4_294_967_295);
  });

  it("given a plan and counters, shows both", () => {
    const { plan, progress, urls } = orderRowToOrder(row);
    expect(plan).toEqual({ generations: 3, batchSize: 4, lastBatchSize: 2, totalProducts: 10 });
    expect(progress.items).toEqual({ total: 3, pending: 1, processing: 1, completed: 1, failed: 0, cancelled: 0 });
    expect(progress.products).toEqual({ requested: 10, produced: 4 });
    expect(urls.products).toBe(`/v1/orders/${row.id}/products`);
  });
});
