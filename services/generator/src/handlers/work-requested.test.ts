import { itemCompleted, workConsumer } from "@tirage/contracts";
import { HandBackError, RetryLaterError } from "@tirage/messaging";
import { deliver } from "@tirage/messaging/testing";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { createInMemoryLedger } from "../../test/in-memory-ledger.ts";
import {
  createFakeBlobs,
  createFakeFetch,
  createFakeProvider,
  createRecordedObservations,
  succeeded,
  workOf,
} from "../../test/in-memory-ports.ts";
import { createBilledGeneration } from "../flow/billed-generation.ts";
import { createUnbilledGeneration } from "../flow/unbilled-generation.ts";
import { OutputUnavailableError } from "../ports.ts";
import { createWorkerActivity } from "../worker-activity.ts";
import { onWorkRequested } from "./work-requested.ts";

const key = { itemId: workOf().payload.itemId, attempt: 1 };

function billedWorker({ leaseMs = 30_000, unknownGraceMs = 60_000, generationTimeoutMs = 60_000 } = {}) {
  const provider = createFakeProvider();
  const ledger = createInMemoryLedger({ leaseMs });
  const fetched = createFakeFetch();
  const blobs = createFakeBlobs();
  const observations = createRecordedObservations();
  const activity = createWorkerActivity();
  const workerOf = (workerId: string) =>
    onWorkRequested({
      consumer: workConsumer("fal", 10),
      workerId,
      activity,
      observations,
      generate: createBilledGeneration({
        ...{ provider, ledger, blobs, observations, workerId, unknownGraceMs, generationTimeoutMs },
        fetchOutput: fetched.fetchOutput,
      }),
    });
  return { provider, ledger, fetched, blobs, observations, activity, workerOf, worker: workerOf("worker-1") };
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

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

test("work.requested: delivered again after it ended, announces the same message by any worker and submits nothing", async () => {
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

  expect(failure).toMatchObject({ code: "submit_unknown", delayMs: 5_000 });
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
  const { provider, ledger, worker } = billedWorker();
  provider.outcomes.push({ kind: "not_accepted", reason: "429", retryAfterMs: row.retryAfterMs });

  expect(await rejection(deliver(worker, workOf()))).toMatchObject({
    code: "submit_not_accepted",
    delayMs: row.delayMs,
  });
  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed" });
  expect(provider.submissions).toHaveLength(2);
  expect(ledger.calls.slice(0, 3)).toEqual(["claim", "reopen", "claim"]);
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

test("wait: through unreadable answers and a running request, asks until it has ended", async () => {
  const { provider, worker } = billedWorker();
  provider.states.push(
    new RetryLaterError("provider_unreadable", "502", { delayMs: 1 }),
    { kind: "running" },
    succeeded(2),
  );

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed", payload: { produced: 2 } });
  expect(provider.checks).toEqual(["request-1", "request-1", "request-1"]);
  expect(provider.submissions).toHaveLength(1);
});

test("wait: for a request that fails, ends the item with that failure and the request's id", async () => {
  const { provider, worker } = billedWorker();
  const failure = { code: "provider_failed", message: "out of memory", retryable: true };
  provider.states.push({ kind: "failed", failure });

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({
    name: "item.failed",
    payload: { error: failure, providerRequestId: "request-1" },
  });
});

test("wait: for a request that never ends, gives up at the timeout and asks the provider to stop", async () => {
  const { provider, worker } = billedWorker({ generationTimeoutMs: 100 });
  provider.states.push({ kind: "running" }, { kind: "running" });

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.failed", payload: { error: { code: "provider_timeout" } } });
  expect(provider.cancelled).toEqual(["request-1"]);
});

test("wait: when the lease is lost, stops and hands the item back without touching the other's lease", async () => {
  const { provider, ledger, worker } = billedWorker();
  provider.states.push({ kind: "running" });
  const delivered = rejection(deliver(worker, workOf()));
  await eventually(() => provider.checks.length === 1);

  ledger.takeOver(key);

  expect(await delivered).toBeInstanceOf(HandBackError);
  expect(ledger.calls).not.toContain("release");
  expect((await ledger.claim(key, "fal")).verdict.kind).toBe("held");
});

test("store: failing, is repeated alone: nothing is fetched or submitted again", async () => {
  const { provider, fetched, blobs, worker } = billedWorker();
  blobs.failures.push(new Error("disk is full"), new Error("disk is full"));

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed", payload: { produced: 2 } });
  expect(provider.submissions).toHaveLength(1);
  expect(fetched.urls).toHaveLength(2);
});

test("fetch: failing in passing, is repeated alone", async () => {
  const { provider, fetched, worker } = billedWorker();
  fetched.failures.set("https://v3.fal.media/1.png", [new RetryLaterError("fetch_failed", "reset", { delayMs: 1 })]);

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed", payload: { produced: 2 } });
  expect(fetched.urls).toHaveLength(3);
  expect(provider.checks).toHaveLength(1);
});

test("fetch: of an output that cannot be had, leaves it out and the batch is partial", async () => {
  const { fetched, observations, worker } = billedWorker();
  fetched.failures.set("https://v3.fal.media/0.png", [new OutputUnavailableError("output_invalid", "not an image")]);

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({
    name: "item.completed",
    payload: { requested: 2, produced: 1, outputs: [{ index: 1 }], costMicroUsd: 3_000 },
  });
  expect(observations.lines).toContain("fal ended partial");
});

test("fetch: when no output can be had, ends the item as output_unavailable and never generates again", async () => {
  const { provider, fetched, worker } = billedWorker();
  const gone = new OutputUnavailableError("output_unavailable", "404");
  for (const index of [0, 1]) fetched.failures.set(`https://v3.fal.media/${index}.png`, [gone]);

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.failed", payload: { error: { code: "output_unavailable" } } });
  expect(await deliver(worker, workOf())).toEqual([messages.at(-1)]);
  expect(provider.submissions).toHaveLength(1);
});

test("finish: with the database away, is repeated before anything is announced as completed", async () => {
  const { ledger, worker } = billedWorker();
  ledger.failNext("finish", new RetryLaterError("database_away", "gone", { delayMs: 10 }));

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed" });
  expect(ledger.calls).toEqual(["claim", "checkpoint", "finish", "finish"]);
});

test("finish: when another worker recorded a result first, announces that one", async () => {
  const { provider, ledger, workerOf } = billedWorker();
  provider.states.push({ kind: "running" });
  const slow = deliver(workerOf("worker-1"), workOf());
  await eventually(() => provider.checks.length === 1);
  const row = ledger.rows.get(`${key.itemId}:1`);
  if (row) row.leaseUntil = Number.NEGATIVE_INFINITY; // expired, and its loss not yet noticed
  const fast = await deliver(workerOf("worker-2"), workOf());

  expect((await slow).at(-1)).toEqual(fast.at(-1));
  expect(fast.at(-1)?.payload).toMatchObject({ workerId: "worker-2" });
  expect(provider.submissions).toHaveLength(1);
});

test("claim: with the database away, is to be tried later and nothing is submitted", async () => {
  const { provider, ledger, worker } = billedWorker();
  ledger.failNext("claim", new RetryLaterError("database_away", "gone", { delayMs: 1_000 }));

  expect(await rejection(deliver(worker, workOf()))).toMatchObject({ code: "database_away" });
  expect(provider.submissions).toEqual([]);
});

test("stop: before the claim, hands the item back untouched", async () => {
  const { ledger, worker } = billedWorker();

  expect(await rejection(deliver(worker, workOf(), { signal: AbortSignal.abort() }))).toBeInstanceOf(HandBackError);
  expect(ledger.calls).toEqual([]);
});

test("stop: between claim and submit, gives the submit right back", async () => {
  const { provider, ledger, worker } = billedWorker();
  const stopping = new AbortController();
  const delivered = rejection(deliver(worker, workOf(), { signal: stopping.signal }));
  stopping.abort(); // the claim is on its way

  expect(await delivered).toBeInstanceOf(HandBackError);
  expect(provider.submissions).toEqual([]);
  expect((await ledger.claim(key, "fal")).verdict.kind).toBe("submit");
});

test("stop: while submitting, ends submit and checkpoint first, and the next worker resumes", async () => {
  const { provider, ledger, workerOf, worker } = billedWorker();
  const stopping = new AbortController();
  provider.beforeAnswer = async () => stopping.abort();

  expect(await rejection(deliver(worker, workOf(), { signal: stopping.signal }))).toBeInstanceOf(HandBackError);
  expect(ledger.calls).toEqual(["claim", "checkpoint", "release"]);
  const messages = await deliver(workerOf("worker-2"), workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed", payload: { providerRequestId: "request-1" } });
  expect(provider.submissions).toHaveLength(1);
});

test("stop: while waiting, lets the call go at once, and the next worker resumes", async () => {
  const { provider, workerOf, worker } = billedWorker();
  provider.states.push({ kind: "running" });
  const stopping = new AbortController();
  const delivered = rejection(deliver(worker, workOf(), { signal: stopping.signal }));
  await eventually(() => provider.checks.length === 1);
  stopping.abort();

  expect(await delivered).toBeInstanceOf(HandBackError);
  const messages = await deliver(workerOf("worker-2"), workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed", payload: { workerId: "worker-2" } });
  expect(provider.submissions).toHaveLength(1);
});

test("stop: while the store fails, hands back, and the next worker stores without submitting", async () => {
  const { provider, blobs, workerOf, worker } = billedWorker();
  for (let failures = 0; failures < 4; failures += 1) blobs.failures.push(new Error("disk is full"));
  const stopping = new AbortController();
  const delivered = rejection(deliver(worker, workOf(), { signal: stopping.signal }));
  await eventually(() => blobs.failures.length <= 2);
  stopping.abort();

  expect(await delivered).toBeInstanceOf(HandBackError);
  blobs.failures.length = 0;
  const messages = await deliver(workerOf("worker-2"), workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed", payload: { produced: 2 } });
  expect(provider.submissions).toHaveLength(1);
});

test("work.requested: given up as dead, says that the item failed", () => {
  const { worker } = billedWorker();
  const { name, payload } = workOf();

  const messages = worker.abandon?.({ name, payload } as never, { code: "crash_loop", message: "delivered too often" });

  expect(messages).toMatchObject([{ name: "item.failed", payload: { ...key, error: { code: "crash_loop" } } }]);
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
