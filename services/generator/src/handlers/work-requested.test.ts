import { itemCompleted, workConsumer } from "@tirage/contracts";
import { RetryLaterError } from "@tirage/messaging";
import { deliver, silentLogger } from "@tirage/messaging/testing";
import { expect, onTestFinished, test } from "vitest";
import { billedWorker, key, rejection } from "../../test/billed-worker.ts";
import { createRecordedObservations, workOf } from "../../test/in-memory-ports.ts";
import { createUnbilledGeneration } from "../flow/unbilled-generation.ts";
import { createWorkerActivity } from "../worker-activity.ts";
import { onWorkRequested } from "./work-requested.ts";

test("work.requested: of a new item, is submitted once, stored, recorded, and announced as started and completed", async () => {
  const { provider, ledger, blobs, observations, activity, worker } = billedWorker();

  const [started, completed, ...rest] = await deliver(worker, workOf());

  expect(rest).toEqual([]);
  expect(started).toMatchObject({ name: "item.started", payload: { ...key, providerRequestId: "request-1" } });
  expect(completed).toMatchObject({
    name: "item.completed",
    id: `${key.itemId}:1:completed`,
    payload: {
      ...{ ...key, index: 3, workerId: "worker-1", providerRequestId: "request-1", requested: 2, produced: 2 },
      costMicroUsd: 6_000,
      outputs: [
        { index: 0, storageKey: `local/${workOf().payload.orderId}/3/1/0.png`, width: 8, height: 6, seed: 1_003 },
        { index: 1, storageKey: `local/${workOf().payload.orderId}/3/1/1.png`, width: 8, height: 6, seed: 1_003 },
      ],
    },
  });
  const { timings } = itemCompleted.read(completed?.payload);
  expect(timings?.waitMs).toBeGreaterThan(250);
  expect(provider.submissions).toMatchObject([{ prompt: "a lighthouse at dusk", batchSize: 2, seed: 1_003 }]);
  expect(provider.submissions[0]?.nonce).toBe(ledger.rows.get(`${key.itemId}:1`)?.nonce);
  expect(blobs.stored.size).toBe(2);
  expect(ledger.calls).toEqual(["claim", "checkpoint", "finish"]);
  expect(observations.lines).toContain("fal ended completed");
  expect(activity).toMatchObject({ completed: 1, failed: 0 });
  expect(activity.running()).toEqual([]);
});

test("fault 12: work.requested: delivered again after it ended, announces the same message by any worker and submits nothing", async () => {
  const { provider, workerOf, worker } = billedWorker();
  const first = await deliver(worker, workOf());

  const again = await deliver(workerOf("worker-2"), workOf({ epoch: 1 }));

  expect(again).toEqual([first.at(-1)]);
  expect(provider.submissions).toHaveLength(1);
});

test("work.requested: delivered to two workers at once, is submitted once and the other is to try later", async () => {
  const { provider, workerOf } = billedWorker();

  const [one, other] = await Promise.allSettled([
    deliver(workerOf("worker-1"), workOf()),
    deliver(workerOf("worker-2"), workOf()),
  ]);

  expect(one.status).toBe("fulfilled");
  expect(other).toMatchObject({ status: "rejected", reason: { code: "lease_held" } });
  const { delayMs } = (other as PromiseRejectedResult).reason as RetryLaterError;
  expect(delayMs).toBeGreaterThan(3_000);
  expect(delayMs).toBeLessThan(7_000);
  expect(provider.submissions).toHaveLength(1);
});

test("work.requested: whose request is known to the ledger, waits for it and submits nothing", async () => {
  const { provider, ledger, worker } = billedWorker();
  const claim = await ledger.claim(key, "fal");
  await ledger.checkpoint(key, claim, "request-before");
  await ledger.release(key, claim);

  const messages = await deliver(worker, workOf());

  expect(messages.map(({ name }) => name)).toEqual(["item.started", "item.completed"]);
  expect(messages[1]?.payload).toMatchObject({ providerRequestId: "request-before" });
  expect(provider.checks).toEqual(["request-before"]);
  expect(provider.submissions).toEqual([]);
});

test("work.requested: whose submit has an unknown outcome, waits within the grace and lets the call go", async () => {
  const { provider, ledger, worker } = billedWorker();
  await ledger.release(key, await ledger.claim(key, "fal"));

  const failure = await rejection(deliver(worker, workOf()));

  expect(failure).toMatchObject({ code: "submit_unknown", delayMs: 2_000 });
  expect((await ledger.claim(key, "fal")).verdict.kind).toBe("unknown");
  expect(provider.submissions).toEqual([]);
});

test("work.requested: whose submit stayed unknown beyond the grace, fails for a person to look at, the same again", async () => {
  const { provider, ledger, worker } = billedWorker({ unknownGraceMs: 0 });
  await ledger.release(key, await ledger.claim(key, "fal"));

  const first = await deliver(worker, workOf());
  const again = await deliver(worker, workOf());

  expect(first).toMatchObject([
    { name: "item.failed", payload: { error: { code: "outcome_unknown", retryable: false } } },
  ]);
  expect(again).toEqual(first);
  expect(provider.submissions).toEqual([]);
});

const { name, payload } = workOf();
const asWork = { name, payload } as never;
const tooOften = {
  ...{ code: "crash_loop", message: "delivered too often", logger: silentLogger },
  signal: new AbortController().signal,
};

test("work.requested: given up as dead, says that the item failed, and again whenever it is delivered", async () => {
  const { ledger, provider, worker } = billedWorker();
  const claim = await ledger.claim(key, "fal");
  await ledger.checkpoint(key, claim, "request-1");
  ledger.expireLease(key);

  const messages = await worker.abandon?.(asWork, tooOften);

  expect(messages).toMatchObject([{ name: "item.failed", payload: { ...key, error: { code: "crash_loop" } } }]);
  expect(await deliver(worker, workOf({ epoch: 1 }))).toEqual(messages);
  expect(provider.submissions).toEqual([]);
});

test("work.requested: given up as dead after it ended, announces that end", async () => {
  const { worker } = billedWorker();
  const [, completed] = await deliver(worker, workOf());

  expect(await worker.abandon?.(asWork, tooOften)).toEqual([completed]);
});

test("work.requested: given up as dead while the lease of a dead worker lasts, waits for its end", async () => {
  const { ledger, worker } = billedWorker({ leaseMs: 300 });
  await ledger.claim(key, "fal");

  const messages = await worker.abandon?.(asWork, tooOften);

  expect(messages).toMatchObject([{ name: "item.failed", payload: { error: { code: "crash_loop" } } }]);
});

test("work.requested: given up as dead while another worker runs it, says nothing and leaves it alone", async () => {
  const { ledger, worker } = billedWorker({ leaseMs: 300 });
  await ledger.claim(key, "fal");
  const renewing = setInterval(() => ledger.takeOver(key), 100);
  onTestFinished(() => clearInterval(renewing));

  expect(await worker.abandon?.(asWork, tooOften)).toEqual([]);
  expect(ledger.rows.get(`${key.itemId}:1`)?.state).toBe("submitting");
});

test("work.requested: handed back by a process that stops, comes back under the next epoch", () => {
  const { worker } = billedWorker();
  const { subject } = workOf();

  expect(worker.handBack?.(asWork)).toEqual({
    later: { ...workOf({ epoch: 1 }), subject: subject.replace("work.", "later.") },
    dueSubject: subject.replace("work.", "due."),
  });
});

test("work.requested: of the unbilled provider, is completed at once with what it generates", async () => {
  const asked: { batchSize: number }[] = [];
  const place = { storageKey: "null/0", contentType: "image/png", bytes: 0, width: 0, height: 0 };
  const provider = {
    name: "null",
    generate: (request: { batchSize: number; seed: number }) => {
      asked.push(request);
      return [{ ...place, index: 0, sha256: "0".repeat(64), seed: request.seed }];
    },
  };
  const worker = onWorkRequested({
    consumer: workConsumer("null", 1_000),
    workerId: "worker-1",
    activity: createWorkerActivity(),
    observations: createRecordedObservations(),
    generate: createUnbilledGeneration({ provider, workerId: "worker-1" }),
  });

  const messages = await deliver(worker, workOf({ provider: "null", batchSize: 1 }));

  expect(messages).toMatchObject([
    { name: "item.completed", payload: { requested: 1, produced: 1, outputs: [{ seed: 1_003 }] } },
  ]);
  expect(asked).toHaveLength(1);
});

test("claim: with the database away, is to be tried later and nothing is submitted", async () => {
  const { provider, ledger, worker } = billedWorker();
  ledger.failNext("claim", new RetryLaterError("database_away", "gone", { delayMs: 1_000 }));

  expect(await rejection(deliver(worker, workOf()))).toMatchObject({ code: "database_away" });
  expect(provider.submissions).toEqual([]);
});
