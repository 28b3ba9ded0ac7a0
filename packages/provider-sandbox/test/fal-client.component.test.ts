import type { FalClient } from "@fal-ai/client";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createProviderSandbox, type ProviderSandbox } from "../src/index.ts";
import { createTestFal, localFetch, waitUntil } from "./clients.ts";

const endpoint = "fal-ai/flux/schnell";

describe("the official fal client", () => {
  let sandbox: ProviderSandbox;
  let fal: FalClient;

  beforeAll(async () => {
    sandbox = await createProviderSandbox({ latencyMs: 150, maxImageEdgePx: 64 });
    fal = createTestFal(sandbox);
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    await localFetch(`${sandbox.url}/__control`, { method: "DELETE" });
    await localFetch(`${sandbox.url}/__ledger`, { method: "DELETE" });
  });

  const control = (body: object) =>
    localFetch(`${sandbox.url}/__control`, { method: "POST", body: JSON.stringify(body) });
  const status = (requestId: string) => fal.queue.status(endpoint, { requestId });
  const completion = (requestId: string) =>
    waitUntil(
      () => status(requestId),
      (answer) => answer.status === "COMPLETED",
    );

  test("submit, status and result: a batch of four, four images with what was ordered", async () => {
    const input = { prompt: "a lighthouse at dusk", num_images: 4, seed: 7, image_size: "landscape_16_9" } as const;
    const { request_id: requestId, ...submitted } = await fal.queue.submit(endpoint, { input });
    expect(submitted).toMatchObject({ status: "IN_QUEUE", queue_position: 0 });
    expect(await status(requestId)).toMatchObject({ status: "IN_PROGRESS", request_id: requestId });
    expect(await completion(requestId)).toMatchObject({ status: "COMPLETED", logs: null });

    const { data, requestId: headerId } = await fal.queue.result(endpoint, { requestId });
    expect(headerId).toBe(requestId);
    expect(data).toMatchObject({
      seed: 7,
      prompt: "a lighthouse at dusk",
      has_nsfw_concepts: [false, false, false, false],
      images: Array.from({ length: 4 }, () => ({ width: 64, height: 36, content_type: "image/jpeg" })),
    });
  });

  test("status and result: the endpoint's sub-path left out, the same request; another app, not found", async () => {
    const { request_id: requestId } = await fal.queue.submit(endpoint, { input: { prompt: "a pier" } });
    await completion(requestId);
    expect((await fal.queue.result("fal-ai/flux", { requestId })).data).toHaveProperty("images");
    await expect(fal.queue.result("fal-ai/fast-sdxl", { requestId })).rejects.toMatchObject({ status: 404 });
    await expect(fal.queue.result(endpoint, { requestId: "none" })).rejects.toMatchObject({
      status: 404,
      body: { status: "NOT_FOUND" },
    });
  });

  test("queue: more jobs than may run, the rest wait with their positions and then complete", async () => {
    await control({ concurrency: { fal: 1 }, latencyMs: 400 });
    const submit = () => fal.queue.submit(endpoint, { input: { prompt: "a queue" } });
    const [first, second, third] = [await submit(), await submit(), await submit()];
    expect((await status(first.request_id)).status).toBe("IN_PROGRESS");
    expect(await status(second.request_id)).toMatchObject({ status: "IN_QUEUE", queue_position: 0 });
    expect(await status(third.request_id)).toMatchObject({ status: "IN_QUEUE", queue_position: 1 });
    await control({ concurrency: { fal: 10 } });
    for (const { request_id: requestId } of [first, second, third]) await completion(requestId);
  });

  test("result: asked for too early, 400 still in progress", async () => {
    const { request_id: requestId } = await fal.queue.submit(endpoint, { input: { prompt: "a kettle" } });
    await expect(fal.queue.result(endpoint, { requestId })).rejects.toMatchObject({
      status: 400,
      body: { detail: "Request is still in progress" },
    });
  });

  test("result: a batch above the model's limit, accepted and refused only here, field by field", async () => {
    const { request_id: requestId } = await fal.queue.submit(endpoint, { input: { prompt: "x", num_images: 9 } });
    expect(await completion(requestId)).toMatchObject({ error: "Invalid status code: 422" });
    await expect(fal.queue.result(endpoint, { requestId })).rejects.toMatchObject({
      name: "ValidationError",
      body: { detail: [{ loc: ["body", "num_images"], type: "less_than_equal", ctx: { le: 4 } }] },
    });
  });

  test("cancel: while it runs, completed as cancelled and not billed; a second time, 400", async () => {
    await control({ rules: [{ fault: "job_hangs" }] });
    const { request_id: requestId } = await fal.queue.submit(endpoint, { input: { prompt: "a stop" } });
    await fal.queue.cancel(endpoint, { requestId });
    expect(await status(requestId)).toMatchObject({ status: "COMPLETED", error_type: "client_cancelled" });
    await expect(fal.queue.result(endpoint, { requestId })).rejects.toMatchObject({ status: 499 });
    await expect(fal.queue.cancel(endpoint, { requestId })).rejects.toMatchObject({
      status: 400,
      body: { status: "ALREADY_COMPLETED" },
    });
    const ledger = await (await localFetch(`${sandbox.url}/__ledger`)).json();
    expect(ledger.totals).toMatchObject({ submissions: 1, billed: 0, cancelled: 1 });
  });

  test("submit: a time to start that runs out in the queue, 504 with timeout type user and nothing billed", async () => {
    await control({ concurrency: { fal: 0 } });
    const answer = await fal.queue.submit(endpoint, { input: { prompt: "late" }, startTimeout: 1.01 });
    const requestId = answer.request_id;
    expect(await completion(requestId)).toMatchObject({ error_type: "request_timeout" });
    await expect(fal.queue.result(endpoint, { requestId })).rejects.toMatchObject({ status: 504, isUserTimeout: true });
  });

  test("subscribe and run: the client's own waiting, the result", async () => {
    const input = { prompt: "a bell" };
    const updates: string[] = [];
    const subscribed = await fal.subscribe(endpoint, {
      input,
      pollInterval: 10,
      onQueueUpdate: (update) => updates.push(update.status),
    });
    expect(subscribed.data).toHaveProperty("images");
    expect(updates.at(-1)).toBe("COMPLETED");
    expect((await fal.run(endpoint, { input })).data).toHaveProperty("images");
  });

  test("status stream: a job that runs, its statuses as events until it is completed", async () => {
    const { request_id: requestId } = await fal.queue.submit(endpoint, { input: { prompt: "a stream" } });
    const seen: string[] = [];
    const stream = await fal.queue.streamStatus(endpoint, { requestId });
    for await (const event of stream) seen.push(event.status);
    expect(seen.at(-1)).toBe("COMPLETED");
  });

  test("any request: without a key, 401 and nothing accepted", async () => {
    const response = await localFetch(`${sandbox.falBaseUrl}/queue.fal.run/${endpoint}`, {
      method: "POST",
      body: "{}",
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ detail: "invalid key credentials" });
  });
});
