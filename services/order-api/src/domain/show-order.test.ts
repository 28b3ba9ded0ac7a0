import { orderRequest } from "@tirage/contracts";
import { expect, test } from "vitest";
import { acceptOrder } from "./accept-order.ts";
import { showOrder, type TracedOrderRow } from "./show-order.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const plan = { generations: 3, batchSize: 4, lastBatchSize: 2, totalProducts: 10 };
const order = acceptOrder(
  orderRequest.parse({ provider: "fal", model: "fal-ai/flux/schnell", prompt: "a lighthouse", quantity: 10 }),
  plan,
  { orderId: "01890a5d-ac96-774b-bcce-b302099a8057", tenantId: "local", createdAt: new Date(0), randomSeed: 7 },
);

function row(fields: Partial<TracedOrderRow>): TracedOrderRow {
  const { orderId: id, tenantId, seed, createdAt, request } = order;
  return {
    ...{ ...request, ...plan, id, tenantId, seed, createdAt, status: "processing", partial: false, version: 3 },
    ...{ modelVersion: null, productsRequested: 10, productsProduced: 4, itemsTotal: 3, itemsPending: 1 },
    ...{ itemsProcessing: 1, itemsCompleted: 1, itemsFailed: 0, itemsCancelled: 0, error: null },
    ...{ startAt: null, expiresAt: null, startedAt: null, finishedAt: null, traceParent: null },
    ...{ retriedAt: null, outputsCharged: null },
    ...fields,
  };
}

test("showOrder: four of ten delivered, four tenths of the estimate", () => {
  const { estimatedMicroUsd, actualMicroUsd } = showOrder(row({})).cost;

  expect(estimatedMicroUsd).toBeGreaterThan(0);
  expect(actualMicroUsd).toBe(Number(estimatedMicroUsd) * 0.4);
});

test("showOrder: a model without a known price, no cost", () => {
  expect(showOrder(row({ model: "someone/new", outputsCharged: 4 })).cost).toEqual({
    ...{ estimatedMicroUsd: null, actualMicroUsd: null, chargedMicroUsd: null },
  });
});

test.each([
  ["that is not counted, is null", null, null],
  ["more than was delivered, costs it all", 6, 0.6],
  ["as much as was delivered, costs the same", 4, 0.4],
  ["less than was delivered, is not believed", 3, null],
])("showOrder: an output count charged %s", (_, outputsCharged, part) => {
  const { estimatedMicroUsd, chargedMicroUsd } = showOrder(row({ outputsCharged })).cost;

  expect(chargedMicroUsd).toBe(part === null ? null : Number(estimatedMicroUsd) * part);
});

test("showOrder: placed within a trace, its id; otherwise none", () => {
  expect(showOrder(row({ traceParent: `00-${trace}-00f067aa0ba902b7-01` })).traceId).toBe(trace);
  expect(showOrder(row({})).traceId).toBeNull();
});
