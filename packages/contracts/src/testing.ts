/** Builders of valid messages for tests; override what the test is about. */

import type { PayloadOf } from "./define-message.ts";
import { itemIdOf } from "./identifiers.ts";
import { itemCompleted, itemFailed, itemStarted } from "./messages/items.ts";
import { orderCreated } from "./messages/orders.ts";
import { workRequested } from "./messages/work.ts";

/** The `n`th order id of a test: valid, ordered, and the same in every run. */
export const testOrderId = (n: number): string =>
  `01900000-0000-7000-8000-${(n * 0x1_0000).toString(16).padStart(12, "0")}`;

type OrderCreated = PayloadOf<typeof orderCreated>;
type WorkRequested = PayloadOf<typeof workRequested>;

export function buildOrderCreated(overrides: Partial<OrderCreated> = {}) {
  return orderCreated.create({
    orderId: testOrderId(1),
    tenantId: "local",
    provider: "fal",
    model: "fal-ai/flux/schnell",
    prompt: "a lighthouse at dusk",
    parameters: {},
    plan: { generations: 3, batchSize: 4, lastBatchSize: 2, totalProducts: 10 },
    priority: "standard",
    seed: 7,
    shortfall: "accept",
    ...overrides,
  });
}

export function buildWorkRequested(overrides: Partial<WorkRequested> = {}) {
  const orderId = overrides.orderId ?? testOrderId(1);
  const index = overrides.index ?? 0;
  return workRequested.create({
    itemId: itemIdOf(orderId, index),
    orderId,
    tenantId: "local",
    index,
    attempt: 1,
    epoch: 0,
    batchSize: 4,
    provider: "fal",
    model: "fal-ai/flux/schnell",
    prompt: "a lighthouse at dusk",
    parameters: {},
    seed: 7 + index,
    ...overrides,
  });
}

const eventFields = (orderId: string, index: number, attempt: number) => ({
  itemId: itemIdOf(orderId, index),
  orderId,
  index,
  attempt,
  workerId: "worker-1",
});

export function buildItemStarted({ orderId = testOrderId(1), index = 0, attempt = 1 } = {}) {
  return itemStarted.create({
    ...eventFields(orderId, index, attempt),
    providerRequestId: `request-${index}-${attempt}`,
    startedAt: "2026-01-01T00:00:00.000Z",
  });
}

export function buildItemCompleted({
  orderId = testOrderId(1),
  index = 0,
  attempt = 1,
  requested = 4,
  produced = 4,
} = {}) {
  return itemCompleted.create({
    ...eventFields(orderId, index, attempt),
    providerRequestId: `request-${index}-${attempt}`,
    requested,
    produced,
    outputs: Array.from({ length: produced }, (_, position) => ({
      index: position,
      storageKey: `local/${orderId}/${index}/${attempt}/${position}.png`,
      contentType: "image/png",
      bytes: 100,
      width: 64,
      height: 64,
      sha256: (index * 64 + position).toString(16).padStart(64, "0"),
      seed: 7 + index,
    })),
    finishedAt: "2026-01-01T00:00:01.000Z",
  });
}

export function buildItemFailed({ orderId = testOrderId(1), index = 0, attempt = 1, code = "provider_failed" } = {}) {
  return itemFailed.create({
    ...eventFields(orderId, index, attempt),
    error: { code, message: "the provider failed", retryable: false },
    finishedAt: "2026-01-01T00:00:01.000Z",
  });
}
