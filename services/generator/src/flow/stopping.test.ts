import { HandBackError } from "@tirage/messaging";
import { deliver } from "@tirage/messaging/testing";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { billedWorker, key, rejection } from "../../test/billed-worker.ts";
import { workOf } from "../../test/in-memory-ports.ts";

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
