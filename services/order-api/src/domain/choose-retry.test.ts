import { expect, test } from "vitest";
import { chooseRetry, type RetryCandidate } from "./choose-retry.ts";

type Fields = Partial<Omit<RetryCandidate, "order">> & { readonly order?: Partial<RetryCandidate["order"]> };

/** Two of three batches of four failed. */
function candidate({ order, ...fields }: Fields = {}): RetryCandidate {
  return {
    order: {
      id: "01234567-0000-7000-8000-000000000000",
      tenantId: "local",
      status: "completed",
      partial: true,
      version: 4,
      provider: "fal",
      model: "fal-ai/flux/schnell",
      modelVersion: null,
      prompt: "a lighthouse",
      parameters: {},
      metadata: {},
      priority: "standard",
      shortfall: "accept",
      seed: 7,
      generations: 3,
      batchSize: 4,
      lastBatchSize: 4,
      productsRequested: 12,
      productsProduced: 4,
      itemsTotal: 3,
      itemsPending: 0,
      itemsProcessing: 0,
      itemsCompleted: 1,
      itemsFailed: 2,
      itemsCancelled: 0,
      error: null,
      traceParent: null,
      retriedAt: null,
      outputsCharged: null,
      createdAt: new Date(0),
      startAt: null,
      expiresAt: null,
      startedAt: null,
      finishedAt: null,
      ...order,
    },
    endedItems: [0, 2].map((index) => ({ index, batchSize: 4 })),
    itemAttempt: 1,
    requestAttempt: 0,
    retryAttempt: 0,
    isExpired: false,
    ...fields,
  };
}

test("chooseRetry: an ended order, its failed and cancelled items as the next attempt", () => {
  expect(chooseRetry(candidate())).toEqual({ kind: "run", attempt: 2, indexes: [0, 2] });
  expect(chooseRetry(candidate({ itemAttempt: 3, requestAttempt: 5 }))).toMatchObject({ attempt: 6 });
});

test("chooseRetry: a retry that nobody has taken up yet, not a second one", () => {
  expect(chooseRetry(candidate({ requestAttempt: 2, retryAttempt: 2 }))).toEqual({ kind: "underway" });
});

test("chooseRetry: a retry of which one item has ended and the other shows nothing yet, not a second one", () => {
  expect(chooseRetry(candidate({ itemAttempt: 2, requestAttempt: 2, retryAttempt: 2 }))).toEqual({ kind: "underway" });
});

test.each<[string, Fields]>([
  ["has not ended", { order: { status: "processing" } }],
  ["every product", { order: { productsProduced: 12 } }],
  ["no item failed", { endedItems: [] }],
  ["deadline", { isExpired: true }],
  ["at most 63", { itemAttempt: 63 }],
])("chooseRetry: nothing to run again, refused: %s", (detail, fields) => {
  expect(chooseRetry(candidate(fields))).toEqual({ kind: "refused", detail: expect.stringContaining(detail) });
});

test("chooseRetry: failed items that were made up for, only as many as bring what is missing", () => {
  const order = { shortfall: "top_up", productsProduced: 9 } as const;
  const endedItems = [
    { index: 0, batchSize: 4 },
    { index: 3, batchSize: 1 },
    { index: 4, batchSize: 2 },
  ];
  expect(chooseRetry(candidate({ order, endedItems }))).toMatchObject({ indexes: [3, 4] });
});
