import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { RetryLaterError } from "@tirage/messaging";
import type { FaultRule } from "@tirage/provider-sandbox";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createFalProvider } from "../src/adapters/fal-provider.ts";
import { createReplicateProvider } from "../src/adapters/replicate-provider.ts";
import type { BilledProvider } from "../src/ports.ts";
import {
  follow,
  modelOf,
  type ProviderName,
  requestOf,
  silentLogger,
  startSandbox,
  submitAccepted,
  watchConnections,
} from "./provider-fixture.ts";

let connections: ReturnType<typeof watchConnections>;
beforeAll(() => {
  connections = watchConnections();
});
afterAll(() => connections.stop());

/** A provider whose submit is given up early. */
function createImpatient(name: ProviderName, url: string): BilledProvider {
  const shared = { callbackUrl: () => undefined, logger: silentLogger, submitTimeoutMs: 300 };
  return name === "fal"
    ? createFalProvider({ ...shared, key: "key", baseUrl: url })
    : createReplicateProvider({ ...shared, token: "token", baseUrl: `${url}/v1` });
}

describe.each(["fal", "replicate"] as const)("%s", (name) => {
  const model = modelOf[name];

  test("submit: healthy provider, accepted once with the model's own names", async () => {
    await using fixture = await startSandbox();

    const requestId = await submitAccepted(fixture.provider(name), requestOf(name));

    const { submissions } = await fixture.readLedger();
    expect(submissions).toHaveLength(1);
    expect(submissions[0]).toMatchObject({
      id: requestId,
      model,
      input: { prompt: "a lighthouse at dusk", seed: 7, [name === "fal" ? "num_images" : "num_outputs"]: 3 },
    });
    expect(submissions[0]?.webhook).toBeUndefined();
  });

  test("submit: public address known, the nonce travels in the callback address", async () => {
    await using fixture = await startSandbox([{ fault: "job_hangs" }]);
    const provider = fixture.provider(name, { publicUrl: "http://127.0.0.1:9/" });

    await submitAccepted(provider, requestOf(name, { nonce: "abc-123" }));

    const { submissions } = await fixture.readLedger();
    expect(submissions[0]?.webhook).toBe(`http://127.0.0.1:9/v1/callbacks/${name}/abc-123`);
  });

  const refusals: [FaultRule, object][] = [
    [{ fault: "unauthenticated" }, { code: "provider_account", providerStatus: 401 }],
    [{ fault: "payment_required" }, { code: "provider_account", providerStatus: 402 }],
    [{ fault: "account_locked" }, { code: "provider_account", providerStatus: 403 }],
    [{ fault: "model_not_found" }, { code: "model_not_found", providerStatus: 404, retryable: false }],
  ];
  test.each(refusals)("submit: %o, refused and nothing bought", async (rule, failure) => {
    await using fixture = await startSandbox([rule]);

    const outcome = await fixture.provider(name).submit(requestOf(name));

    expect(outcome).toMatchObject({ kind: "refused", failure });
    expect(await fixture.countOccasions()).toBe(1);
    expect((await fixture.readLedger()).totals.submissions).toBe(0);
  });

  test("submit: 429 with Retry-After, not accepted, one request and the delay it asks for", async () => {
    await using fixture = await startSandbox([{ fault: "rate_limited", retryAfterSeconds: 7 }]);

    const outcome = await fixture.provider(name).submit(requestOf(name));

    expect(outcome).toMatchObject({ kind: "not_accepted", retryAfterMs: 7_000 });
    expect(await fixture.countOccasions()).toBe(1);
  });

  test("submit: nobody listens, not accepted", async () => {
    const { sandbox } = await startSandbox();
    await sandbox.close();

    const outcome = await createImpatient(name, sandbox.url).submit(requestOf(name));

    expect(outcome).toMatchObject({ kind: "not_accepted", reason: expect.stringContaining("ECONNREFUSED") });
  });

  const notAccepted: FaultRule[] = [
    { fault: "error_before_acceptance", status: 503 },
    { fault: "error_before_acceptance", status: 500 },
    { fault: "reset_before_acceptance" },
  ];
  test.each(notAccepted)("submit: %o, outcome unknown after exactly one request", async (rule) => {
    await using fixture = await startSandbox([rule]);

    const outcome = await fixture.provider(name).submit(requestOf(name));

    expect(outcome.kind).toBe("unknown");
    expect(await fixture.countOccasions()).toBe(1);
    expect((await fixture.readLedger()).totals.submissions).toBe(0);
  });

  const accepted: FaultRule[] = [
    { fault: "lost_response" },
    { fault: "error_after_acceptance", status: 500 },
    { fault: "error_after_acceptance", status: 502 },
    { fault: "error_after_acceptance", status: 503 },
    { fault: "error_after_acceptance", status: 504 },
    { fault: "response_malformed" },
    { fault: "response_html" },
    { fault: "response_hangs", latencyMs: 60_000 },
  ];
  test.each(accepted)("submit: %o, outcome unknown and bought exactly once", async (rule) => {
    await using fixture = await startSandbox([rule]);

    const outcome = await createImpatient(name, fixture.sandbox.url).submit(requestOf(name));

    expect(outcome.kind).toBe("unknown");
    expect(await fixture.countOccasions()).toBe(1);
    expect((await fixture.readLedger()).totals.submissions).toBe(1);
  });

  test.each([
    ["a whole address", "https://example.com/model"],
    ["a climbing path", "../predictions"],
  ])("submit: model named by %s, refused before anything is sent", async (_case, badModel) => {
    await using fixture = await startSandbox([{ fault: "unauthenticated" }]);

    const outcome = await fixture.provider(name).submit(requestOf(name, { model: badModel }));

    expect(outcome).toMatchObject({ kind: "refused", failure: { code: "validation" } });
    expect(await fixture.countOccasions()).toBe(0);
  });

  test("submit: more outputs than the model makes a call, refused before anything is sent", async () => {
    await using fixture = await startSandbox([{ fault: "unauthenticated" }]);

    const outcome = await fixture.provider(name).submit(requestOf(name, { batchSize: 5 }));

    expect(outcome).toMatchObject({ kind: "refused", failure: { code: "validation" } });
    expect(await fixture.countOccasions()).toBe(0);
  });

  test("check: healthy provider, running and then succeeded with every output", async () => {
    await using fixture = await startSandbox([], 200);
    const provider = fixture.provider(name);
    const requestId = await submitAccepted(provider, requestOf(name));

    const early = await provider.check(requestId, { model }, AbortSignal.timeout(5_000));
    const { state } = await follow(provider, requestId, model);

    expect(early).toEqual({ kind: "running" });
    expect(state).toMatchObject({ kind: "succeeded", outputs: [{ index: 0 }, { index: 1 }, { index: 2 }] });
  });

  const endings: [FaultRule, object][] = [
    [{ fault: "job_failed" }, { code: "provider_failed", retryable: true }],
    [{ fault: "aborted" }, { code: "provider_failed", retryable: true }],
    [{ fault: "policy" }, { code: "moderated", retryable: false }],
    [
      { fault: "nsfw", count: 3 },
      { code: "moderated", retryable: false },
    ],
    [{ fault: "zero_images" }, { code: "no_outputs" }],
  ];
  test.each(endings)("check: %o, failed and classified", async (rule, failure) => {
    await using fixture = await startSandbox([rule]);
    const provider = fixture.provider(name);

    const { state } = await follow(provider, await submitAccepted(provider, requestOf(name)), model);

    expect(state).toMatchObject({ kind: "failed", failure });
  });

  const partials: [FaultRule, number[]][] = [
    [{ fault: "nsfw", count: 1 }, [0, 2]],
    [{ fault: "fewer_images", count: 1 }, [0, 1]],
    [{ fault: "requeue", count: 2 }, [0, 1, 2]],
    [{ fault: "slow", latencyMs: 100 }, [0, 1, 2]],
  ];
  test.each(partials)("check: %o, succeeded with the outputs there are", async (rule, indexes) => {
    await using fixture = await startSandbox([rule]);
    const provider = fixture.provider(name);

    const { state } = await follow(provider, await submitAccepted(provider, requestOf(name)), model);

    expect(state.kind === "succeeded" && state.outputs.map(({ index }) => index)).toEqual(indexes);
  });

  const retries: [FaultRule, string, number][] = [
    [{ fault: "read_error", status: 500 }, "provider_unreadable", 1_000],
    [{ fault: "read_error", status: 503 }, "provider_unreadable", 1_000],
    [{ fault: "read_rate_limited", retryAfterSeconds: 3 }, "provider_throttled", 3_000],
    [{ fault: "read_reset" }, "provider_unreachable", 2_000],
    [{ fault: "result_malformed" }, "provider_unreadable", 1_000],
    [{ fault: "result_html" }, "provider_unreadable", 1_000],
  ];
  test.each(retries)("check: %o twice, to be asked again and then read", async (rule, code, delayMs) => {
    await using fixture = await startSandbox([{ ...rule, times: 2 }]);
    const provider = fixture.provider(name);

    const { state, retries: told } = await follow(provider, await submitAccepted(provider, requestOf(name)), model);

    expect(told.map((error) => [error.code, error.delayMs])).toEqual([
      [code, delayMs],
      [code, delayMs],
    ]);
    expect(state.kind).toBe("succeeded");
  });

  test("check: request that the provider does not know, failed for good", async () => {
    await using fixture = await startSandbox();

    const { state } = await follow(fixture.provider(name), "0d9c8b7a", model);

    expect(state).toMatchObject({ kind: "failed", failure: { code: "request_not_found", retryable: false } });
  });

  test("check: signal given up, its reason and no answer", async () => {
    await using fixture = await startSandbox();
    const provider = fixture.provider(name);
    const requestId = await submitAccepted(provider, requestOf(name));
    const reason = new Error("stopping");

    await expect(provider.check(requestId, { model }, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test("check: nobody listens, to be asked again", async () => {
    const { sandbox } = await startSandbox();
    await sandbox.close();
    const provider = createImpatient(name, sandbox.url);

    await expect(provider.check("some-id", { model }, AbortSignal.timeout(5_000))).rejects.toThrow(RetryLaterError);
  });

  test("cancel: request that runs, ended as cancelled; a second cancel changes nothing", async () => {
    await using fixture = await startSandbox([{ fault: "job_hangs" }]);
    const provider = fixture.provider(name);
    const requestId = await submitAccepted(provider, requestOf(name));

    await provider.cancel(requestId, { model });
    await provider.cancel(requestId, { model });

    const { state } = await follow(provider, requestId, model);
    expect(state).toMatchObject({ kind: "failed", failure: { code: "provider_cancelled", retryable: false } });
  });
});

test("fal: input that only the running job finds wrong, validation with the field's name", async () => {
  await using fixture = await startSandbox([{ fault: "validation" }]);
  const provider = fixture.provider("fal");

  const { state } = await follow(provider, await submitAccepted(provider, requestOf("fal")), modelOf.fal);

  const failure = { code: "validation", message: "fal: prompt: Field required", retryable: false, providerStatus: 422 };
  expect(state).toEqual({ kind: "failed", failure });
});

test("replicate: input that it finds wrong at once, refused as validation", async () => {
  await using fixture = await startSandbox([{ fault: "validation" }]);

  const outcome = await fixture.provider("replicate").submit(requestOf("replicate"));

  expect(outcome).toMatchObject({ kind: "refused", failure: { code: "validation", providerStatus: 422 } });
  expect((await fixture.readLedger()).totals.submissions).toBe(0);
});

test("replicate: outputs deleted by their age, failed as expired", async () => {
  await using fixture = await startSandbox([{ fault: "data_removed" }]);
  const provider = fixture.provider("replicate");

  const { state } = await follow(provider, await submitAccepted(provider, requestOf("replicate")), modelOf.replicate);

  expect(state).toMatchObject({ kind: "failed", failure: { code: "output_expired", retryable: false } });
});

test("replicate: community model with its version, called by the version", async () => {
  await using fixture = await startSandbox();
  const modelVersion = "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc";
  const provider = fixture.provider("replicate");

  await submitAccepted(provider, requestOf("replicate", { model: "stability-ai/sdxl", modelVersion }));

  const { submissions } = await fixture.readLedger();
  expect(submissions[0]).toMatchObject({ model: "stability-ai/sdxl", version: modelVersion });
});

test("replicate: community model without version, refused before anything is sent", async () => {
  await using fixture = await startSandbox([{ fault: "unauthenticated" }]);

  const outcome = await fixture.provider("replicate").submit(requestOf("replicate", { model: "stability-ai/sdxl" }));

  expect(outcome).toMatchObject({ kind: "refused", failure: { message: expect.stringMatching(/send modelVersion/) } });
  expect(await fixture.countOccasions()).toBe(0);
});

test("replicate: model that answers one address in the place of a list, one output", async () => {
  await using fixture = await startSandbox();
  const provider = fixture.provider("replicate");
  const request = requestOf("replicate", { model: "black-forest-labs/flux-1.1-pro", batchSize: 1 });

  const { state } = await follow(provider, await submitAccepted(provider, request), request.model);

  expect(state).toMatchObject({ kind: "succeeded", outputs: [{ index: 0 }] });
});

test("fal: submit, falls back to no other model and carries the key", async () => {
  const { url, seen } = await startRecorder({ request_id: "request-1" });
  const provider = createImpatient("fal", url);

  const outcome = await provider.submit(requestOf("fal"));

  expect(outcome).toEqual({ kind: "accepted", requestId: "request-1" });
  expect(seen).toEqual([
    {
      path: "/queue.fal.run/fal-ai/flux/schnell",
      headers: expect.objectContaining({ authorization: "Key key", "x-app-fal-disable-fallback": "true" }),
    },
  ]);
});

test.each([
  ["fal", { status: "NEVER_HEARD_OF" }],
  ["fal", "IN_QUEUE"],
  ["replicate", { id: "1", status: "paused" }],
  ["replicate", []],
] as const)("%s: state %o that means nothing, to be asked again and never success", async (name, answer) => {
  const { url } = await startRecorder(answer);

  const checking = createImpatient(name, url).check("some-id", { model: modelOf[name] }, AbortSignal.timeout(5_000));

  await expect(checking).rejects.toMatchObject({ name: "RetryLaterError", code: "provider_unreadable" });
});

test.each([
  ["fal", { status: "COMPLETED", video: { url: "http://127.0.0.1/video.mp4" } }],
  ["replicate", { id: "1", status: "succeeded", output: { text: "a lighthouse" } }],
] as const)("%s: result %o without an image, failed and not worth paying for again", async (name, answer) => {
  const { url } = await startRecorder(answer);

  const state = await createImpatient(name, url).check("1", { model: modelOf[name] }, AbortSignal.timeout(5_000));

  expect(state).toMatchObject({ kind: "failed", failure: { code: "output_unreadable", retryable: false } });
});

/** A server that answers everything with `body` and notes what it was asked. */
async function startRecorder(body: unknown) {
  const seen: { path: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url, headers: request.headers });
    request.resume();
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}
