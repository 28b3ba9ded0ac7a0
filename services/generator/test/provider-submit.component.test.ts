import type { FaultRule } from "@tirage/provider-sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createHastyProvider,
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

    const outcome = await createHastyProvider(name, sandbox.url).submit(requestOf(name));

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

    const outcome = await createHastyProvider(name, fixture.sandbox.url).submit(requestOf(name));

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
});

test("replicate: input that it finds wrong at once, refused as validation", async () => {
  await using fixture = await startSandbox([{ fault: "validation" }]);

  const outcome = await fixture.provider("replicate").submit(requestOf("replicate"));

  expect(outcome).toMatchObject({ kind: "refused", failure: { code: "validation", providerStatus: 422 } });
  expect((await fixture.readLedger()).totals.submissions).toBe(0);
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

test("fal: submit, falls back to no other model and carries the key", async () => {
  const { url, seen } = await startRecorder({ request_id: "request-1" });
  const provider = createHastyProvider("fal", url);

  const outcome = await provider.submit(requestOf("fal"));

  expect(outcome).toEqual({ kind: "accepted", requestId: "request-1" });
  expect(seen).toEqual([
    {
      path: "/queue.fal.run/fal-ai/flux/schnell",
      headers: expect.objectContaining({ authorization: "Key key", "x-app-fal-disable-fallback": "true" }),
    },
  ]);
});
