import { createHash } from "node:crypto";
import { type Drain, drainChanged, type Replica } from "@tirage/contracts";
import { announcePresence, watchSubject } from "@tirage/messaging";
import { eventually } from "@tirage/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi } from "./start-order-api.ts";

const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");
const timeoutMs = 15_000;
let api: TestOrderApi;
/** What the worker was told, in turn. */
let told: (string | null)[];
beforeAll(async () => {
  api = await startOrderApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.pool.query("DELETE FROM worker_drains"));

const send = (what: "drain" | "resume", { id = "one", headers = {}, of = api } = {}) =>
  of.app.inject({ method: "POST", url: `/v1/workers/${id}/${what}`, headers });
const readDrain = async (id = "one") =>
  (await api.app.inject("/v1/workers")).json().data.find((worker: Replica) => worker.id === id)?.drain;
const countDrains = async (of = api) => (await of.pool.query("SELECT 1 FROM worker_drains")).rowCount;

/** A worker in the eyes of order-api: present, and as obedient as it is asked to be. */
async function openWorker({ isObedient = true, service = "generator", of = api } = {}) {
  told = [];
  let drain: Drain | undefined;
  const startedAt = "2026-01-05T09:00:00.000Z";
  const presence = announcePresence(of.broker, () => ({
    ...{ service, id: "one", version: "1.2.3", startedAt, slots: 4, running: ["a", "b"], drain },
  }));
  const hints = watchSubject(of.broker, "drain.one", drainChanged, ({ since }) => {
    told.push(since);
    if (!isObedient) return;
    drain = since === null ? undefined : { state: "drained", left: 0, since };
    presence.refresh();
  });
  const workers = service === "generator" ? "/v1/workers" : "/v1/health";
  await eventually(async () => (await of.app.inject(workers)).body.includes('"one"'), { timeoutMs });
  return {
    async [Symbol.asyncDispose]() {
      hints[Symbol.dispose]();
      await presence[Symbol.asyncDispose]();
    },
  };
}

test("POST /v1/workers/{id}/drain, twice, and resume: the worker is told, draining until it says drained, and resumed", async () => {
  await using _worker = await openWorker();
  expect(await readDrain()).toBeUndefined();
  const first = await send("drain");
  expect(first.statusCode, first.body).toBe(202);
  const { drain } = first.json();
  expect(drain).toEqual({ state: "draining", left: 2, since: expect.stringContaining("T") });
  await eventually(async () => (await readDrain())?.state === "drained", { timeoutMs });
  expect((await send("drain")).json().drain).toEqual({ state: "drained", left: 0, since: drain.since });
  const resumed = await send("resume");
  expect(resumed.statusCode, resumed.body).toBe(200);
  expect(resumed.json().drain).toBeUndefined();
  expect(await readDrain()).toBeUndefined();
  await eventually(() => told.at(-1) === null, { timeoutMs });
});

test("POST /v1/workers/{id}/drain: the worker does not hear, is told again and again and stays draining", async () => {
  await using _worker = await openWorker({ isObedient: false });
  await send("drain");
  await eventually(() => told.length >= 3, { timeoutMs });
  expect(await readDrain()).toMatchObject({ state: "draining", left: 2 });
});

test("a drain whose row was written or removed before this order-api ran, or by another: the worker is told of it", async () => {
  await using _worker = await openWorker();
  await api.pool.query("INSERT INTO worker_drains (worker_id) VALUES ('one')");
  await eventually(async () => (await readDrain())?.state === "drained", { timeoutMs });
  await api.pool.query("DELETE FROM worker_drains");
  await eventually(() => told.at(-1) === null, { timeoutMs });
});

test("POST /v1/workers/{id}/drain, resume: nobody's id, or that of another service, 404 and nothing is kept", async () => {
  await using _dispatcher = await openWorker({ service: "dispatcher" });
  for (const what of ["drain", "resume"] as const) {
    const response = await send(what);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ type: "/problems/not-found", detail: expect.stringContaining("one") });
  }
  expect((await send("drain", { id: "gone" })).statusCode).toBe(404);
  expect(await countDrains()).toBe(0);
});

test("POST /v1/workers/{id}/drain: with keys, 403 to a tenant and 202 to the operator", async () => {
  const keys = `red:${hashOf("red-key")},operator:${hashOf("operator-key")}`;
  await using keyed = await startOrderApi({ AUTH: "api-key", API_KEYS: keys });
  for (const what of ["drain", "resume"] as const) {
    const refused = await send(what, { headers: { authorization: "Bearer red-key" }, of: keyed });
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ type: "/problems/forbidden" });
  }
  const presence = { service: "generator", id: "one", version: "1.2.3", startedAt: new Date().toISOString() };
  await using _presence = announcePresence(keyed.broker, () => presence);
  const headers = { authorization: "Bearer operator-key" };
  await eventually(async () => (await send("drain", { headers, of: keyed })).statusCode === 202, { timeoutMs });
});

test("POST /v1/workers/{id}/drain: the broker away, 503 with Retry-After and nothing is changed", async () => {
  await using alone = await startOrderApi({ NATS_URL: "nats://127.0.0.1:1" }, { isBrokerThere: false });
  const response = await send("drain", { of: alone });
  expect(response.statusCode).toBe(503);
  expect(response.headers["retry-after"]).toBe("5");
  expect(await countDrains(alone)).toBe(0);
});
