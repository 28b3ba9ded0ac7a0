import { HandBackError, RetryLaterError } from "@tirage/messaging";
import { deliver } from "@tirage/messaging/testing";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { billedWorker, key, rejection } from "../../test/billed-worker.ts";
import { workOf } from "../../test/in-memory-ports.ts";

type Worker = ReturnType<typeof billedWorker>;

/** Submits with an answer that is lost, and answers the nonce. */
async function loseAnswer({ provider, worker }: Worker): Promise<string> {
  provider.outcomes.push({ kind: "unknown", reason: "no answer" });
  await rejection(deliver(worker, workOf()));
  const [submission] = provider.submissions;
  if (!submission) throw new Error("nothing was submitted");
  return submission.nonce;
}

test("fault 9: reconcile: called back meanwhile, goes on with that request and says how it was found", async () => {
  const billed = billedWorker();
  billed.ledger.callbacks.set(await loseAnswer(billed), "request-1");

  const messages = await deliver(billed.worker, workOf());

  expect(messages.at(-1)).toMatchObject({
    name: "item.completed",
    payload: { providerRequestId: "request-1", recovery: "callback" },
  });
  expect(billed.provider.submissions).toHaveLength(1);
  expect(billed.observations.lines).toContain("fal submit unknown decided by callback");
});

test("reconcile: found by a worker that then stops, the next one that completes it says how it was found", async () => {
  const billed = billedWorker();
  billed.ledger.callbacks.set(await loseAnswer(billed), "request-1");
  billed.provider.states.push({ kind: "running" });
  const stopping = new AbortController();
  const stopped = rejection(deliver(billed.worker, workOf(), { signal: stopping.signal }));
  await eventually(() => billed.provider.checks.length === 1);
  stopping.abort();
  expect(await stopped).toBeInstanceOf(HandBackError);

  const messages = await deliver(billed.workerOf("worker-2"), workOf());

  expect(messages.at(-1)).toMatchObject({
    name: "item.completed",
    payload: { workerId: "worker-2", recovery: "callback" },
  });
});

test("reconcile: listed once, goes on with that request", async () => {
  const billed = billedWorker();
  const nonce = await loseAnswer(billed);
  const sought: string[] = [];
  billed.provider.findSubmission = async ({ request }) => {
    sought.push(request.nonce);
    return { requestIds: ["request-1"], surely: false };
  };

  const messages = await deliver(billed.worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.completed", payload: { recovery: "listing" } });
  expect(sought).toEqual([nonce]);
});

test.each([
  { circumstance: "as several", answer: { requestIds: ["request-1", "request-2"], surely: false } },
  { circumstance: "not at all", answer: { requestIds: [], surely: false } },
  { circumstance: "in no readable way", answer: new RetryLaterError("provider_unreadable", "502", { delayMs: 1 }) },
])("reconcile: listed $circumstance, stays undecided", async ({ answer }) => {
  const billed = billedWorker();
  await loseAnswer(billed);
  billed.provider.findSubmission = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };

  expect(await rejection(deliver(billed.worker, workOf()))).toMatchObject({ code: "submit_unknown", delayMs: 2_000 });
  expect(billed.provider.submissions).toHaveLength(1);
});

test("reconcile: listed as the request of another call, stays undecided", async () => {
  const billed = billedWorker();
  await deliver(billed.worker, workOf({ itemId: "01920000-0000-7000-8000-000000000004", index: 4 }));
  billed.provider.outcomes.push({ kind: "unknown", reason: "no answer" });
  await rejection(deliver(billed.worker, workOf()));
  billed.provider.findSubmission = async () => ({ requestIds: ["request-1"], surely: false });

  expect(await rejection(deliver(billed.worker, workOf()))).toMatchObject({ code: "submit_unknown" });
});

test("reconcile: found nowhere within the grace, fails as unknown and submits nothing", async () => {
  const billed = billedWorker({ unknownGraceMs: 0 });
  await loseAnswer(billed);

  const messages = await deliver(billed.worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.failed", payload: { error: { code: "outcome_unknown" } } });
  expect(billed.provider.submissions).toHaveLength(1);
  expect(billed.observations.lines).toContain("fal submit unknown decided by failed");
});

test("reconcile: found nowhere, with leave to submit again, does so once and no more", async () => {
  const billed = billedWorker({ unknownGraceMs: 0, onUnknown: "resubmit" });
  await loseAnswer(billed);
  billed.provider.outcomes.push({ kind: "unknown", reason: "no answer" });

  expect(await rejection(deliver(billed.worker, workOf()))).toMatchObject({ code: "submit_unknown" });
  const messages = await deliver(billed.worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.failed", payload: { error: { code: "outcome_unknown" } } });
  expect(billed.provider.submissions).toHaveLength(2);
});

test("reconcile: submitted again and answered, completes and says so", async () => {
  const billed = billedWorker({ unknownGraceMs: 0, onUnknown: "resubmit" });
  await loseAnswer(billed);

  const messages = await deliver(billed.worker, workOf());

  expect(messages.at(-1)).toMatchObject({
    name: "item.completed",
    payload: { providerRequestId: "request-2", recovery: "resubmitted" },
  });
});

test("reconcile: to be submitted again, refused for now and then cancelled, does not say that it was not started", async () => {
  const billed = billedWorker({ unknownGraceMs: 0, onUnknown: "resubmit" });
  await loseAnswer(billed);
  billed.provider.outcomes.push({ kind: "not_accepted", reason: "429", retryAfterMs: 1 });
  await rejection(deliver(billed.worker, workOf()));
  billed.ledger.cancelledAttempts.set(workOf().payload.itemId, 1);

  const messages = await deliver(billed.worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.failed", payload: { error: { code: "outcome_unknown" } } });
  expect(billed.provider.submissions).toHaveLength(2);
});

test("reconcile: dearer than may be submitted again, fails as unknown", async () => {
  const billed = billedWorker({ unknownGraceMs: 0, onUnknown: "resubmit", resubmitMaxMicroUsd: 1 });
  await loseAnswer(billed);

  const messages = await deliver(billed.worker, workOf());

  expect(messages.at(-1)).toMatchObject({ name: "item.failed", payload: { error: { code: "outcome_unknown" } } });
  expect(billed.provider.submissions).toHaveLength(1);
});

test("reconcile: another worker takes over while the provider lists, adopts nothing", async () => {
  const billed = billedWorker();
  await loseAnswer(billed);
  billed.provider.findSubmission = async () => {
    billed.ledger.takeOver(key);
    return { requestIds: ["request-1"], surely: true };
  };

  expect(await rejection(deliver(billed.worker, workOf()))).toBeInstanceOf(HandBackError);
  await eventually(() => billed.ledger.rows.get(`${key.itemId}:1`)?.state === "submitting");
});
