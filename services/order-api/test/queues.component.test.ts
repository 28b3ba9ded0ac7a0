import { createHash } from "node:crypto";
import { gateChanged, workConsumer } from "@tirage/contracts";
import { applyTopology, holdConsumer, readHold, resumeConsumer, watchSubject } from "@tirage/messaging";
import { eventually } from "@tirage/testkit";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi } from "./start-order-api.ts";

const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");
const consumer = workConsumer("fal", 10);
const hourMs = 3_600_000;
let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
  await applyTopology(api.broker, [consumer]);
});
afterAll(() => api[Symbol.asyncDispose]());
afterEach(() => send("resume"));

const send = (what: "pause" | "resume", { provider = "fal", headers = {}, of = api } = {}) =>
  of.app.inject({ method: "POST", url: `/v1/queues/${provider}/${what}`, headers });
const readQueue = async () =>
  (await api.app.inject("/v1/queues")).json().data.find(({ name }: { name: string }) => name === consumer.durable);
const countPauses = async (of = api) => (await of.pool.query("SELECT 1 FROM provider_pauses")).rowCount;
const heldForMs = async () => {
  const until = await readHold(api.broker, consumer);
  return until ? until.getTime() - Date.now() : 0;
};

test("POST /v1/queues/{provider}/pause, twice, and resume, twice: its queue is held by a person until then, and workers hear of it", async () => {
  const heard: string[] = [];
  using _hints = watchSubject(api.broker, "gate.fal", gateChanged, ({ change }) => heard.push(change));
  expect(await readQueue()).toMatchObject({ pausedUntil: null, pausedBy: null, gate: null });

  const first = await send("pause");
  expect(first.statusCode, first.body).toBe(200);
  expect(first.json()).toEqual({ provider: "fal", pausedAt: expect.stringContaining("T") });
  expect((await send("pause")).json()).toEqual(first.json());
  expect(await heldForMs()).toBeGreaterThan(hourMs);
  const queue = await readQueue();
  expect(queue.pausedBy).toBe("person");
  expect(Date.parse(queue.pausedUntil) - Date.now()).toBeGreaterThan(hourMs);

  for (let time = 0; time < 2; time += 1) {
    expect((await send("resume")).json()).toEqual({ provider: "fal", pausedAt: null });
  }
  expect(await heldForMs()).toBe(0);
  expect(await readQueue()).toMatchObject({ pausedUntil: null, pausedBy: null });
  await eventually(() => heard.length === 4);
  expect(heard).toEqual(["paused", "paused", "resumed", "resumed"]);
});

test("POST /v1/queues/{provider}/pause: a worker's gate asks for its own pause meanwhile, a person's goes on", async () => {
  await send("pause");
  await holdConsumer(api.broker, consumer, new Date(Date.now() + 1_000));
  expect(await heldForMs()).toBeGreaterThan(hourMs);
});

test("POST /v1/queues/{provider}/pause: the broker has lost it, it is made again", async () => {
  await send("pause");
  await resumeConsumer(api.broker, consumer);
  await eventually(async () => (await heldForMs()) > hourMs, { timeoutMs: 15_000 });
  expect(await readQueue()).toMatchObject({ pausedBy: "person" });
});

test("POST /v1/queues/{provider}/resume: cut short before the broker heard of it, the queue delivers again all the same", async () => {
  await send("pause");
  await api.pool.query("DELETE FROM provider_pauses");
  await eventually(async () => (await heldForMs()) === 0, { timeoutMs: 15_000 });
});

test("GET /v1/queues: a worker's gate paused the queue, it says so and until when", async () => {
  await holdConsumer(api.broker, consumer, new Date(Date.now() + 60_000));
  const { pausedBy, pausedUntil } = await readQueue();
  expect(pausedBy).toBe("gate");
  expect(Date.parse(pausedUntil) - Date.now()).toBeLessThanOrEqual(60_000);
});

test("POST /v1/queues/{provider}/pause: no worker of it was ever there, it is kept for them", async () => {
  expect((await send("pause", { provider: "replicate" })).statusCode).toBe(200);
  expect(await countPauses()).toBe(1);
  expect((await send("resume", { provider: "replicate" })).statusCode).toBe(200);
  expect(await countPauses()).toBe(0);
});

test("POST /v1/queues/{provider}/pause: a provider that is not enabled, 404", async () => {
  const response = await send("pause", { provider: "elsewhere" });
  expect(response.statusCode).toBe(404);
  expect(response.json()).toMatchObject({ type: "/problems/not-found", detail: expect.stringContaining("elsewhere") });
});

test("POST /v1/queues/{provider}/pause: with keys, 403 to a tenant and 200 to the operator", async () => {
  const keys = `red:${hashOf("red-key")},operator:${hashOf("operator-key")}`;
  await using keyed = await startOrderApi({ AUTH: "api-key", API_KEYS: keys });
  for (const what of ["pause", "resume"] as const) {
    const refused = await send(what, { headers: { authorization: "Bearer red-key" }, of: keyed });
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ type: "/problems/forbidden" });
  }
  expect(await countPauses(keyed)).toBe(0);
  const response = await send("pause", { headers: { authorization: "Bearer operator-key" }, of: keyed });
  expect(response.statusCode, response.body).toBe(200);
});

test("POST /v1/queues/{provider}/pause: the broker away, 503 with Retry-After and nothing is changed", async () => {
  await using alone = await startOrderApi({ NATS_URL: "nats://127.0.0.1:1" }, { isBrokerThere: false });
  const response = await send("pause", { of: alone });
  expect(response.statusCode).toBe(503);
  expect(response.headers["retry-after"]).toBe("5");
  expect(await countPauses(alone)).toBe(0);
});
