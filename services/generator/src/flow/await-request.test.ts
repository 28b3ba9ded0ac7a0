import { RetryLaterError } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { expect, test } from "vitest";
import { createFakeProvider, succeeded, workOf } from "../../test/in-memory-ports.ts";
import { awaitRequest } from "./await-request.ts";
import { createStopRequests } from "./stop-requests.ts";

const timeoutMs = 1_000;

/** Awaits a request that was submitted long before its time was over. */
async function awaitOld(provider: ReturnType<typeof createFakeProvider>) {
  const work = workOf().payload;
  using stopping = createStopRequests().watch(work);
  return await awaitRequest({
    ...{ provider, request: work, requestId: "request-1", submitAgeMs: 10 * timeoutMs, timeoutMs, stopping },
    ...{ signal: new AbortController().signal, logger: silentLogger },
  });
}

test("fault 37: awaitRequest: over its time and still running, it is cancelled and has failed", async () => {
  const provider = createFakeProvider();
  provider.states.push({ kind: "running" });

  expect(await awaitOld(provider)).toMatchObject({ kind: "failed", failure: { code: "provider_timeout" } });
  expect(provider.cancelled).toEqual(["request-1"]);
});

test("fault 37: awaitRequest: over its time and the provider does not answer at first, its result is had all the same", async () => {
  const provider = createFakeProvider();
  provider.states.push(new RetryLaterError("provider_unreadable", "HTTP 500", { delayMs: 1 }), succeeded(1));

  expect(await awaitOld(provider)).toMatchObject({ kind: "succeeded" });
  expect(provider.cancelled).toEqual([]);
});
