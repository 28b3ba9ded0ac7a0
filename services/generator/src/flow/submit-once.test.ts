import { HandBackError, RetryLaterError } from "@tirage/messaging";
import { deliver } from "@tirage/messaging/testing";
import { expect, test } from "vitest";
import { billedWorker, key, rejection } from "../../test/billed-worker.ts";
import { workOf } from "../../test/in-memory-ports.ts";

test("submit: refused for good, ends the item with the provider's failure", async () => {
  const { provider, ledger, activity, worker } = billedWorker();
  const failure = { code: "content_policy", message: "the prompt was refused", retryable: false, providerStatus: 422 };
  provider.outcomes.push({ kind: "refused", failure });

  const messages = await deliver(worker, workOf());

  expect(messages).toMatchObject([{ name: "item.failed", payload: { ...key, error: failure } }]);
  expect(await deliver(worker, workOf())).toEqual(messages);
  expect(provider.submissions).toHaveLength(1);
  expect(ledger.calls).toEqual(["claim", "finish", "claim"]);
  expect(activity.failed).toBe(2);
});

test.each([
  { retryAfterMs: 10, delayMs: 1_000 },
  { retryAfterMs: 4_000, delayMs: 4_000 },
  { retryAfterMs: 3_600_000, delayMs: 30_000 },
])("submit: surely not accepted, is tried again after $delayMs ms when $retryAfterMs are asked", async (row) => {
  const { provider, ledger, worker, workerOf } = billedWorker();
  provider.outcomes.push({ kind: "not_accepted", reason: "429", retryAfterMs: row.retryAfterMs });

  expect(await rejection(deliver(worker, workOf()))).toMatchObject({
    code: "submit_not_accepted",
    delayMs: row.delayMs,
  });
  const messages = await deliver(workerOf("worker-2"), workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed" });
  expect(provider.submissions).toHaveLength(2);
  expect(ledger.calls.slice(0, 3)).toEqual(["claim", "reopen", "claim"]);
});

test("fault 35: submit: while the provider asks for a pause, gives the right back unused and submits nothing", async () => {
  const { provider, worker } = billedWorker();
  provider.outcomes.push({ kind: "not_accepted", reason: "429", retryAfterMs: 60_000 });
  expect(await rejection(deliver(worker, workOf()))).toMatchObject({ code: "submit_not_accepted" });

  expect(await rejection(deliver(worker, workOf()))).toMatchObject({ code: "provider_gated" });
  expect(provider.submissions).toHaveLength(1);
});

test("submit: refused for the account, is not failed but waits, and the provider is stopped", async () => {
  const { provider, worker, observations } = billedWorker();
  const failure = { code: "provider_account", message: "402", retryable: true, providerStatus: 402 };
  provider.outcomes.push({ kind: "refused", failure });
  expect(await rejection(deliver(worker, workOf()))).toMatchObject({ code: "submit_not_accepted" });
  expect(await rejection(deliver(worker, workOf()))).toMatchObject({ code: "provider_gated" });
  expect(observations.lines).not.toContain("fal ended provider_account");
});

test("submit: with an unknown outcome, is never repeated and its outcome stays open", async () => {
  const { provider, observations, worker } = billedWorker();
  provider.outcomes.push({ kind: "unknown", reason: "no answer" });

  expect(await rejection(deliver(worker, workOf()))).toMatchObject({ code: "submit_unknown" });
  expect(await rejection(deliver(worker, workOf()))).toMatchObject({ code: "submit_unknown" });

  expect(provider.submissions).toHaveLength(1);
  expect(observations.lines.filter((line) => line === "fal submit unknown")).toHaveLength(1);
});

test("submit: when the lease leaves no time for it, is not begun and the right is given back", async () => {
  const { provider, ledger, worker } = billedWorker({ leaseMs: 10_000 });

  expect(await rejection(deliver(worker, workOf()))).toMatchObject({ code: "claim_too_late" });

  expect(provider.submissions).toEqual([]);
  expect(ledger.calls).toEqual(["claim", "reopen"]);
  expect((await ledger.claim(key, "fal")).verdict.kind).toBe("submit");
});

test("checkpoint: with the database away, is repeated until recorded, and nothing is submitted again", async () => {
  const { provider, ledger, worker } = billedWorker();
  ledger.failNext("checkpoint", new RetryLaterError("database_away", "gone", { delayMs: 10 }));

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed" });
  expect(ledger.calls).toEqual(["claim", "checkpoint", "checkpoint", "finish"]);
  expect(provider.submissions).toHaveLength(1);
});

test("checkpoint: after another worker took over, is recorded, and the worker hands the item back", async () => {
  const { provider, ledger, worker } = billedWorker();
  provider.beforeAnswer = async () => ledger.takeOver(key);

  expect(await rejection(deliver(worker, workOf()))).toBeInstanceOf(HandBackError);

  expect(ledger.rows.get(`${key.itemId}:1`)).toMatchObject({ state: "submitted", requestId: "request-1" });
  expect(provider.checks).toEqual([]);
});

test("checkpoint: of a request that the ledger does not follow, cancels it and says so", async () => {
  const { provider, ledger, observations, worker } = billedWorker();
  provider.beforeAnswer = async () => void (await ledger.finish(key, undefined, { type: "x", payload: {} }));

  expect(await rejection(deliver(worker, workOf()))).toMatchObject({ code: "surplus_request" });

  expect(provider.cancelled).toEqual(["request-1"]);
  expect(observations.lines).toContain("fal surplus request");
});
