import type { OrderRow } from "@tirage/contracts";

/** An order's row, of one item that waits unless said otherwise. */
export function orderRow(fields: Partial<OrderRow> & Pick<OrderRow, "id">): OrderRow {
  return {
    tenantId: "local",
    status: "pending",
    partial: false,
    version: 0,
    provider: "fal",
    model: "fal-ai/flux/schnell",
    modelVersion: null,
    prompt: "a lighthouse",
    parameters: {},
    metadata: {},
    priority: "standard",
    shortfall: "accept",
    seed: 7,
    generations: 1,
    batchSize: 4,
    lastBatchSize: 4,
    productsRequested: 4,
    productsProduced: 0,
    itemsTotal: 1,
    itemsPending: 1,
    itemsProcessing: 0,
    itemsCompleted: 0,
    itemsFailed: 0,
    itemsCancelled: 0,
    error: null,
    createdAt: new Date(Date.UTC(2026, 0, 1)),
    startAt: null,
    expiresAt: null,
    startedAt: null,
    finishedAt: null,
    ...fields,
  };
}
