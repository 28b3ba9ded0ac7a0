import type { OrderRow } from "@tirage/contracts";

const columnOf: Record<keyof OrderRow, string> = {
  id: "id",
  tenantId: "tenant_id",
  status: "status",
  partial: "partial",
  version: "version",
  provider: "provider",
  model: "model",
  modelVersion: "model_version",
  prompt: "prompt",
  parameters: "parameters",
  metadata: "metadata",
  priority: "priority",
  shortfall: "shortfall",
  seed: "seed",
  generations: "generations",
  batchSize: "batch_size",
  lastBatchSize: "last_batch_size",
  productsRequested: "products_requested",
  productsProduced: "products_produced",
  itemsTotal: "items_total",
  itemsPending: "items_pending",
  itemsProcessing: "items_processing",
  itemsCompleted: "items_completed",
  itemsFailed: "items_failed",
  itemsCancelled: "items_cancelled",
  error: "error",
  createdAt: "created_at",
  startAt: "start_at",
  expiresAt: "expires_at",
  startedAt: "started_at",
  finishedAt: "finished_at",
};

/** The select list that reads an `OrderRow` from the table `orders` (unaliased). */
export const orderColumns = Object.entries(columnOf)
  .map(([name, column]) => `orders.${column} AS "${name}"`)
  .join(", ");
