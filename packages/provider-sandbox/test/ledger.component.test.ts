import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createProviderSandbox, type ProviderSandbox } from "../src/index.ts";
import { createTestFal, createTestReplicate, localFetch, waitUntil } from "./clients.ts";
import { createWorld } from "./provider-world.ts";

describe("GET /__ledger", () => {
  let sandbox: ProviderSandbox;
  beforeAll(async () => {
    sandbox = await createProviderSandbox({ latencyMs: 0, ledgerRows: 20 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    await localFetch(`${sandbox.url}/__control`, { method: "DELETE" });
    await localFetch(`${sandbox.url}/__ledger`, { method: "DELETE" });
  });
  const billed = (count: number) =>
    waitUntil(createWorld(sandbox, "fal").ledger, ({ totals }) => totals.billed === count);

  test("submits answered, refused and cut off: the times and status of each, in order of arrival, and of each strike", async () => {
    const begun = Date.now();
    for (const provider of ["fal", "replicate"] as const) {
      const world = createWorld(sandbox, provider);
      await world.dial({ fault: "rate_limited", every: 2 }, { fault: "lost_response", skip: 1 });
      for (let submit = 0; submit < 3; submit += 1) await world.submit();
    }
    const read = async (path: string) => (await localFetch(`${sandbox.url}${path}`)).json();
    const { requests } = await waitUntil(
      () => read("/__ledger"),
      (ledger) => ledger.requests.every((request: { answeredAt: string | null }) => request.answeredAt !== null),
    );
    const seen = requests.map(({ provider, status }: Record<string, unknown>) => [provider, status]);
    const [ok, created] = [200, 201];
    expect(seen).toEqual([
      ...[
        ["fal", ok],
        ["fal", 429],
        ["fal", null],
      ],
      ...[
        ["replicate", created],
        ["replicate", 429],
        ["replicate", null],
      ],
    ]);
    const times = requests.flatMap(({ arrivedAt, answeredAt }: Record<string, string>) => [arrivedAt, answeredAt]);
    expect(times).toEqual(times.toSorted());
    expect(Date.parse(times[0])).toBeGreaterThanOrEqual(begun - 1);
    const { rules } = await read("/__control");
    for (const { strikes, struckAt } of rules) expect(struckAt).toHaveLength(strikes);
    const [, , , , throttled] = requests;
    expect(rules[0].struckAt[0] >= throttled.arrivedAt && rules[0].struckAt[0] <= throttled.answeredAt).toBe(true);
  });

  test("two providers used once each: a row each, everything billed, nothing twice", async () => {
    await createTestFal(sandbox).queue.submit("fal-ai/flux/dev", {
      input: { prompt: "a", seed: 1, num_images: 2 },
      webhookUrl: "http://127.0.0.1:9/hook?nonce=n1",
    });
    const version = "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc";
    await createTestReplicate(sandbox).predictions.create({ version, input: { prompt: "a", seed: 1 } });
    const { totals, submissions } = await billed(2);
    expect(totals).toEqual({ submissions: 2, billed: 2, images: 3, cancelled: 0, duplicates: 0, paidTwice: 0 });
    expect(submissions).toEqual([
      expect.objectContaining({
        provider: "fal",
        model: "fal-ai/flux/dev",
        input: { prompt: "a", seed: 1, num_images: 2 },
        webhook: "http://127.0.0.1:9/hook?nonce=n1",
        status: "succeeded",
        images: 2,
        billed: true,
        cancelled: false,
        responseDelivered: true,
      }),
      expect.objectContaining({ provider: "replicate", model: "stability-ai/sdxl", version, images: 1 }),
    ]);
  });

  test("one input submitted twice: a duplicate, whatever the order of its keys; without a seed, none", async () => {
    const world = createWorld(sandbox, "fal");
    await world.submit({ seed: 1, guidance_scale: 2 });
    await world.submit({ guidance_scale: 2, seed: 1 });
    await world.submit({ seed: 2 });
    await createWorld(sandbox, "replicate").submit({ seed: 2 });
    await world.submit();
    await world.submit();
    expect((await billed(6)).totals).toMatchObject({ submissions: 6, duplicates: 1, paidTwice: 1 });
  });

  test("a retry of a job that failed unbilled: a duplicate, but not paid twice", async () => {
    const world = createWorld(sandbox, "fal");
    await world.dial({ fault: "job_failed", times: 1 });
    await world.submit({ seed: 1 });
    await world.submit({ seed: 1 });
    expect((await billed(1)).totals).toMatchObject({ submissions: 2, duplicates: 1, paidTwice: 0 });
  });

  test("a lost response: the official Replicate client submits again by itself, and the ledger shows it", async () => {
    await createWorld(sandbox, "replicate").dial({ fault: "lost_response", times: 1 });
    const input = { prompt: "twice", seed: 3 };
    await createTestReplicate(sandbox).predictions.create({ model: "black-forest-labs/flux-dev", input });
    const { totals, submissions } = await billed(2);
    expect(totals).toMatchObject({ submissions: 2, duplicates: 1, paidTwice: 1 });
    expect(submissions.map(({ responseDelivered }) => responseDelivered)).toEqual([false, true]);
  });

  test("more submissions than rows: the totals count all, the newest rows are kept", async () => {
    const world = createWorld(sandbox, "fal");
    for (let seed = 1; seed <= 50; seed += 1) await world.submit({ seed });
    const { totals, submissions } = await billed(50);
    expect(totals.submissions).toBe(50);
    expect(submissions.length).toBeLessThanOrEqual(22);
    expect(submissions.at(-1)).toMatchObject({ input: { seed: 50 } });
    const limited = await (await localFetch(`${sandbox.url}/__ledger?limit=1`)).json();
    expect(limited.submissions).toMatchObject([{ input: { seed: 50 } }]);
  });
});
