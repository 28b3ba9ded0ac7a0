import { RetryLaterError } from "@tirage/messaging";
import type { FaultRule } from "@tirage/provider-sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createHastyProvider,
  follow,
  modelOf,
  requestOf,
  startRecorder,
  startSandbox,
  submitAccepted,
  watchConnections,
} from "./provider-fixture.ts";

let connections: ReturnType<typeof watchConnections>;
beforeAll(() => {
  connections = watchConnections();
});
afterAll(() => connections.stop());

describe.each(["fal", "replicate"] as const)("%s", (name) => {
  const model = modelOf[name];

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
  test.each(endings)("faults 38, 41: check: %o, failed and classified", async (rule, failure) => {
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
    const provider = createHastyProvider(name, sandbox.url);

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

test("replicate: outputs deleted by their age, failed as expired", async () => {
  await using fixture = await startSandbox([{ fault: "data_removed" }]);
  const provider = fixture.provider("replicate");

  const { state } = await follow(provider, await submitAccepted(provider, requestOf("replicate")), modelOf.replicate);

  expect(state).toMatchObject({ kind: "failed", failure: { code: "output_expired", retryable: false } });
});

test("replicate: model that answers one address in the place of a list, one output", async () => {
  await using fixture = await startSandbox();
  const provider = fixture.provider("replicate");
  const request = requestOf("replicate", { model: "black-forest-labs/flux-1.1-pro", batchSize: 1 });

  const { state } = await follow(provider, await submitAccepted(provider, request), request.model);

  expect(state).toMatchObject({ kind: "succeeded", outputs: [{ index: 0 }] });
});

test.each([
  ["fal", { status: "NEVER_HEARD_OF" }],
  ["fal", "IN_QUEUE"],
  ["replicate", { id: "1", status: "paused" }],
  ["replicate", []],
] as const)("%s: state %o that means nothing, to be asked again and never success", async (name, answer) => {
  const { url } = await startRecorder(answer);

  const checking = createHastyProvider(name, url).check(
    "some-id",
    { model: modelOf[name] },
    AbortSignal.timeout(5_000),
  );

  await expect(checking).rejects.toMatchObject({ name: "RetryLaterError", code: "provider_unreadable" });
});

test.each([
  ["fal", { status: "COMPLETED", video: { url: "http://127.0.0.1/video.mp4" } }],
  ["replicate", { id: "1", status: "succeeded", output: { text: "a lighthouse" } }],
] as const)("%s: result %o without an image, failed and not worth paying for again", async (name, answer) => {
  const { url } = await startRecorder(answer);

  const state = await createHastyProvider(name, url).check("1", { model: modelOf[name] }, AbortSignal.timeout(5_000));

  expect(state).toMatchObject({ kind: "failed", failure: { code: "output_unreadable", retryable: false } });
});
