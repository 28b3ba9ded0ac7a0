import { expect, test } from "vitest";
import { type CallRow, type ItemRow, showItem } from "./show-rows.ts";

const at = new Date("2026-11-24T12:00:00Z");
const row: ItemRow = {
  ...{
    id: "item-1",
    orderId: "order-1",
    index: 0,
    batchSize: 4,
    attempt: 1,
    produced: 0,
    batchesCompleted: 0,
    seed: 7,
  },
  ...{ status: "cancelled", workerId: "worker-1", providerRequestId: null, error: null, cancelOutcome: "not_started" },
  ...{ recovery: null, createdAt: at, startedAt: null, storedAt: null, finishedAt: at },
};
const call: CallRow = {
  ...{ itemId: "item-1", claimedAt: at, submittedAt: at, submits: 1, costMicroUsd: null, storeMs: null },
};
const expired = { ...row, status: "failed", cancelOutcome: null };

test.each<[string, ItemRow, CallRow | undefined, string | null]>([
  ["cancelled before anybody sent it", row, { ...call, submittedAt: null }, null],
  ["expired before anybody claimed it", expired, undefined, null],
  ["refused when it was sent", expired, call, "worker-1"],
  ["aborted while it ran", { ...row, startedAt: at, cancelOutcome: "aborted" }, call, "worker-1"],
  ["completed by a provider without a ledger", { ...row, status: "completed" }, undefined, "worker-1"],
])("showItem: %s, the worker that ran it or none", (_, item, ofItem, workerId) => {
  expect(showItem(item, ofItem).workerId).toBe(workerId);
});
