import type Replicate from "replicate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createProviderSandbox, type ProviderSandbox } from "../src/index.ts";
import { createTestReplicate, localFetch, waitUntil } from "./clients.ts";

const official = "black-forest-labs/flux-schnell";
const sdxlVersion = "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc";

/** What the client puts into its error's message of the answer's body. */
function bodyOf(error: unknown): unknown {
  const { message } = error as Error;
  return JSON.parse(message.slice(message.indexOf("{"), message.lastIndexOf("}") + 1));
}

describe("the official Replicate client", () => {
  let sandbox: ProviderSandbox;
  let replicate: Replicate;

  beforeAll(async () => {
    sandbox = await createProviderSandbox({ latencyMs: 40, maxImageEdgePx: 64 });
    replicate = createTestReplicate(sandbox);
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    await localFetch(`${sandbox.url}/__control`, { method: "DELETE" });
    await localFetch(`${sandbox.url}/__ledger`, { method: "DELETE" });
  });

  const control = (body: object) =>
    localFetch(`${sandbox.url}/__control`, { method: "POST", body: JSON.stringify(body) });
  const completion = (id: string) =>
    waitUntil(
      () => replicate.predictions.get(id),
      (prediction) => prediction.completed_at != null,
    );

  test("create and get: an official model by name, processing and then succeeded with a webp each", async () => {
    const input = { prompt: "a lighthouse at dusk", num_outputs: 3, seed: 7 };
    const created = await replicate.predictions.create({ model: official, input });
    expect(created).toMatchObject({ model: official, version: "hidden", status: "processing", output: null, input });
    const done = await completion(created.id);
    expect(done).toMatchObject({ status: "succeeded", error: null, data_removed: false });
    expect(done.output).toEqual([0, 1, 2].map((index) => expect.stringMatching(new RegExp(`/out-${index}\\.webp$`))));
    expect(done.metrics?.predict_time).toBeGreaterThan(0.03);
  });

  test("create: a community model by its version, accepted; by its name, 404; a version that is none, 422", async () => {
    const input = { prompt: "a fjord" };
    const created = await replicate.predictions.create({ version: sdxlVersion, input });
    expect(created).toMatchObject({ model: "stability-ai/sdxl", version: sdxlVersion });
    expect((await completion(created.id)).output).toEqual([expect.stringMatching(/out-0\.png$/)]);

    const byName = await replicate.predictions.create({ model: "stability-ai/sdxl", input }).catch((error) => error);
    expect(bodyOf(byName)).toEqual({ detail: "The requested resource could not be found.", status: 404 });
    const invalid = await replicate.predictions.create({ version: "latest", input }).catch((error) => error);
    expect(bodyOf(invalid)).toMatchObject({ title: "Invalid version or not permitted", status: 422 });
  });

  test("models.get: a community model, the version to pin, which create accepts", async () => {
    const model = await replicate.models.get("someone", "some-model");
    expect(model.latest_version?.id).toMatch(/^[0-9a-f]{64}$/);
    expect((await replicate.models.get("stability-ai", "sdxl")).latest_version?.id).toBe(sdxlVersion);
    await expect(replicate.models.versions.list("black-forest-labs", "flux-dev")).rejects.toThrow("404");
  });

  test("create: no prompt or too large a batch, 422 at once and nothing accepted", async () => {
    const create = (input: object) => replicate.predictions.create({ model: official, input }).catch((error) => error);
    expect(bodyOf(await create({}))).toEqual({
      detail: "- input: prompt is required\n",
      status: 422,
      title: "Input validation failed",
      invalid_fields: [{ type: "required", field: "input", description: "prompt is required" }],
    });
    expect(bodyOf(await create({ prompt: "x", num_outputs: 5 }))).toMatchObject({
      detail: "- input.num_outputs: Must be less than or equal to 4\n",
    });
    expect((await (await localFetch(`${sandbox.url}/__ledger`)).json()).totals.submissions).toBe(0);
  });

  test("create: one output a prediction and a single address, as the model has it", async () => {
    const input = { prompt: "one", num_outputs: 4 };
    const list = await replicate.predictions.create({ model: "stability-ai/stable-diffusion-3.5-large", input });
    expect((await completion(list.id)).output).toHaveLength(1);
    const single = await replicate.predictions.create({ model: "black-forest-labs/flux-1.1-pro", input });
    expect((await completion(single.id)).output).toMatch(/^http:\/\/127\.0\.0\.1.*out-0\.webp$/);
  });

  test("create: told to wait, held until it succeeded; a wait that runs out, answered while it runs", async () => {
    const input = { prompt: "patience" };
    expect(await replicate.predictions.create({ model: official, input, wait: true })).toMatchObject({
      status: "succeeded",
    });
    await control({ rules: [{ fault: "job_hangs" }] });
    expect(await replicate.predictions.create({ model: official, input, wait: 1 })).toMatchObject({
      status: "processing",
    });
  });

  test("cancel: waiting, canceled and unbilled; running, canceled and billed", async () => {
    await control({ concurrency: { replicate: 1 }, rules: [{ fault: "job_hangs" }] });
    const input = { prompt: "stop" };
    const running = await replicate.predictions.create({ model: official, input });
    const waiting = await replicate.predictions.create({ model: official, input });
    expect((await replicate.predictions.get(waiting.id)).status).toBe("starting");
    expect(await replicate.predictions.cancel(waiting.id)).toMatchObject({ status: "canceled" });
    expect(await replicate.predictions.cancel(running.id)).toMatchObject({ status: "canceled" });
    const { submissions } = await (await localFetch(`${sandbox.url}/__ledger`)).json();
    expect(submissions.map(({ billed }: { billed: boolean }) => billed)).toEqual([true, false]);
  });

  test("list: more than a page, all of them once, newest first, over the cursor", async () => {
    await control({ latencyMs: 0 });
    const ids: string[] = [];
    for (let seed = 0; seed < 103; seed += 1) {
      const created = await replicate.predictions.create({ model: official, input: { prompt: "many", seed } });
      ids.unshift(created.id);
    }
    const pages: string[][] = [];
    for await (const page of replicate.paginate(replicate.predictions.list)) pages.push(page.map(({ id }) => id));
    expect(pages.map(({ length }) => length)).toEqual([100, 3]);
    expect(pages.flat()).toEqual(ids);
  });

  test("get: an hour after the end, the paid prediction has lost everything", async () => {
    const created = await replicate.predictions.create({ model: official, input: { prompt: "gone" }, wait: true });
    await control({ retentionMs: 0 });
    const gone = await replicate.predictions.get(created.id);
    expect(gone).toMatchObject({ status: "succeeded", output: null, input: {}, data_removed: true });
    const [url] = created.output as string[];
    expect((await localFetch(String(url))).status).toBe(404);
  });

  test("create: a Cancel-After that runs out, aborted before the start and canceled after it", async () => {
    await control({ concurrency: { replicate: 1 }, rules: [{ fault: "job_hangs" }] });
    const create = async (cancelAfter: string) => {
      const response = await localFetch(`${sandbox.replicateBaseUrl}/models/${official}/predictions`, {
        method: "POST",
        headers: { authorization: "Bearer x", "cancel-after": cancelAfter },
        body: JSON.stringify({ input: { prompt: "deadline" } }),
      });
      return (await response.json()) as { id: string };
    };
    const [running, waiting] = [await create("2s"), await create("1s")];
    expect((await completion(waiting.id)).status).toBe("aborted");
    expect((await completion(running.id)).status).toBe("canceled");
  });

  test("create: above the rate limit, 429 that says when it resets", async () => {
    await control({ replicateCreatesPerMinute: 1 });
    const post = () =>
      localFetch(`${sandbox.replicateBaseUrl}/models/${official}/predictions`, {
        method: "POST",
        headers: { authorization: "Bearer x" },
        body: JSON.stringify({ input: { prompt: "fast" } }),
      });
    const [first, second] = [await post(), await post()];
    expect([first.status, second.status]).toEqual([201, 429]);
    expect(Number(second.headers.get("ratelimit-reset"))).toBeGreaterThan(30);
    expect((await second.json()).detail).toMatch(/^Request was throttled\. Your rate limit resets in ~\d+s\.$/);
  });

  test("any request: without a token, 401", async () => {
    const response = await localFetch(`${sandbox.replicateBaseUrl}/predictions`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ title: "Unauthenticated", status: 401 });
  });
});
