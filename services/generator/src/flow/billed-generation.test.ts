import { HandBackError, PostponeError, RetryLaterError } from "@tirage/messaging";
import { deliver } from "@tirage/messaging/testing";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { billedWorker, key, rejection } from "../../test/billed-worker.ts";
import { succeeded, workOf } from "../../test/in-memory-ports.ts";
import { OutputUnavailableError, type RequestState } from "../ports.ts";

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

const passing = { code: "provider_failed", message: "runner was lost", retryable: true };
const failedPassing: RequestState = { kind: "failed", failure: passing, passing: "unbilled" };

test("wait: for a request that fails in passing, is postponed as the next attempt, and a repeat announces the same", async () => {
  const { provider, ledger, observations, workerOf, worker } = billedWorker();
  provider.states.push(failedPassing);

  const first = await rejection(deliver(worker, workOf()));
  const again = await rejection(deliver(workerOf("worker-2"), workOf()));

  const next = workOf({ attempt: 2, firstAttempt: 1 });
  for (const postponed of [first, again]) {
    expect(postponed).toBeInstanceOf(PostponeError);
    expect(postponed).toMatchObject({ code: "new_attempt", dueSubject: next.subject.replace("work.", "due.") });
    expect((postponed as PostponeError).later).toEqual({ ...next, subject: next.subject.replace("work.", "later.") });
  }
  expect(provider.submissions).toHaveLength(1);
  expect(ledger.rows.get(`${key.itemId}:1`)).toMatchObject({ state: "finished", requestId: "request-1" });
  expect(observations.lines.filter((line) => line === "fal new attempt")).toHaveLength(1);
});

test("wait: for requests that fail in passing each time, ends the item at its third attempt with the last failure", async () => {
  const { provider, worker } = billedWorker();
  provider.states.push(failedPassing, failedPassing, failedPassing);

  let work = workOf();
  for (const attempt of [2, 3]) {
    const postponed = await rejection(deliver(worker, work));
    expect(postponed).toMatchObject({ later: { payload: { attempt, firstAttempt: 1 } } });
    work = workOf({ attempt, firstAttempt: 1 });
  }
  const messages = await deliver(worker, work);

  expect(messages.at(-1)).toMatchObject({ name: "item.failed", payload: { attempt: 3, error: passing } });
  expect(provider.submissions.map(({ seed }) => seed)).toEqual([1_003, 1_003, 1_003]);
});

test("wait: for a request that fails in passing, and then completes, completes as the second attempt", async () => {
  const { provider, worker } = billedWorker();
  provider.states.push(failedPassing);
  await rejection(deliver(worker, workOf()));

  const messages = await deliver(worker, workOf({ attempt: 2, firstAttempt: 1 }));

  expect(messages.map(({ name }) => name)).toEqual(["item.started", "item.completed"]);
  expect(messages[1]?.payload).toMatchObject({ attempt: 2, providerRequestId: "request-2" });
});

test("wait: for a request that fails in passing after its order was cancelled, fails and is not tried again", async () => {
  const { provider, ledger, worker } = billedWorker();
  const claim = await ledger.claim(key, "fal");
  await ledger.checkpoint(key, claim, "request-1");
  await ledger.release(key, claim);
  ledger.cancelledAttempts.set(key.itemId, 3);
  provider.states.push(failedPassing);

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.failed", payload: { attempt: 1, error: passing } });
});

test("fault 37: wait: for a request that never ends, gives up at the timeout and asks the provider to stop", async () => {
  const { provider, worker } = billedWorker({ generationTimeoutMs: 100 });
  provider.states.push({ kind: "running" }, { kind: "running" });

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.failed", payload: { error: { code: "provider_timeout" } } });
  expect(provider.cancelled).toEqual(["request-1"]);
});

test("wait: when a renewal finds the order cancelled, asks the provider to stop and tells what became of it", async () => {
  const { provider, ledger, worker } = billedWorker();
  const cancelled = { code: "provider_cancelled", message: "stopped", retryable: false };
  provider.states.push({ kind: "running" }, { kind: "failed", failure: cancelled, stopped: "aborted" });
  const delivered = deliver(worker, workOf());
  await eventually(() => provider.checks.length === 1);

  ledger.tellCancelled(key);

  expect((await delivered).at(-1)).toMatchObject({ name: "item.cancelled", payload: { outcome: "aborted" } });
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

test("fault 11: store: failing, is repeated alone: nothing is fetched or submitted again", async () => {
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

test("fetch: of as many outputs as fit in memory failing for long, holds up no other generation", async () => {
  const { provider, fetched, worker } = billedWorker();
  const away = () => [new RetryLaterError("output_unreachable", "503", { delayMs: 60_000 })];
  for (const index of [0, 1, 2, 3]) fetched.failures.set(`https://v3.fal.media/${index}.png`, away());
  provider.states.push(succeeded(4), {
    kind: "succeeded",
    outputs: [{ index: 0, url: "https://v3.fal.media/there.png" }],
  });
  const stopping = new AbortController();
  const held = rejection(deliver(worker, workOf({ batchSize: 4 }), { signal: stopping.signal }));
  await eventually(() => fetched.urls.length === 4);

  const messages = await deliver(worker, workOf({ itemId: "01920000-0000-7000-8000-000000000004", index: 4 }));

  expect(messages.at(-1)).toMatchObject({ name: "item.completed", payload: { produced: 1 } });
  stopping.abort();
  expect(await held).toBeInstanceOf(HandBackError);
});

test("fetch: of an output that cannot be had, leaves it out and the batch is partial", async () => {
  const { fetched, observations, worker } = billedWorker();
  fetched.failures.set("https://v3.fal.media/0.png", [new OutputUnavailableError("output_invalid", "not an image")]);

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({
    name: "item.completed",
    payload: { requested: 2, produced: 1, charged: 2, outputs: [{ index: 1 }], costMicroUsd: 3_000 },
  });
  expect(observations.lines).toContain("fal ended partial");
});

test("wait: for a batch of which the provider filtered one, says that all of it is charged", async () => {
  const { provider, worker } = billedWorker();
  provider.states.push({ ...succeeded(1), charged: 2 } as RequestState);

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed", payload: { produced: 1, charged: 2 } });
});

test("fetch: of an output whose address is gone, asks the provider once more and fetches what it names then", async () => {
  const { provider, fetched, worker } = billedWorker();
  const gone = () => [new OutputUnavailableError("output_gone", "403")];
  for (const index of [0, 1]) fetched.failures.set(`https://v3.fal.media/${index}.png`, gone());
  const outputs = [0, 1].map((index) => ({ index, url: `https://v3.fal.media/${index}.png?signed=again` }));
  provider.states.push(succeeded(2), { kind: "succeeded", outputs });

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed", payload: { produced: 2 } });
  expect(provider.checks).toHaveLength(2);
  expect(fetched.urls.slice(2).toSorted()).toEqual(outputs.map(({ url }) => url));
});

test("fault 39: fetch: of outputs that are gone for good, asks once more and then fails, however often delivered", async () => {
  const { provider, fetched, worker } = billedWorker();
  const gone = () => [1, 2, 3].map(() => new OutputUnavailableError("output_gone", "404"));
  for (const index of [0, 1]) fetched.failures.set(`https://v3.fal.media/${index}.png`, gone());

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.failed", payload: { error: { code: "output_unavailable" } } });
  expect(provider.checks).toHaveLength(2);
  expect(fetched.urls).toHaveLength(4);
});

test("fetch: of more outputs than were asked for, keeps those asked for and counts the others", async () => {
  const { provider, observations, worker } = billedWorker();
  provider.states.push(succeeded(5));

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({
    name: "item.completed",
    payload: { requested: 2, produced: 2, charged: 5, outputs: [{ index: 0 }, { index: 1 }] },
  });
  expect(observations.lines).toContain("fal 3 surplus outputs");
});

test("fetch: when no output can be had, ends the item as output_unavailable and never generates again", async () => {
  const { provider, fetched, worker } = billedWorker();
  const gone = new OutputUnavailableError("output_unavailable", "404");
  for (const index of [0, 1]) fetched.failures.set(`https://v3.fal.media/${index}.png`, [gone]);

  const messages = await deliver(worker, workOf());

  expect(messages.at(-1)).toMatchObject({
    name: "item.failed",
    payload: { error: { code: "output_unavailable" }, charged: 2 },
  });
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
  ledger.expireLease(key);
  const fast = await deliver(workerOf("worker-2"), workOf());

  expect((await slow).at(-1)).toEqual(fast.at(-1));
  expect(fast.at(-1)?.payload).toMatchObject({ workerId: "worker-2" });
  expect(provider.submissions).toHaveLength(1);
});
