import { createHash, randomUUID } from "node:crypto";
import { deadLetter, streams } from "@tirage/contracts";
import { applyTopology, listSubjects, publish, readStreamPosition, republishDeadLetter } from "@tirage/messaging";
import { afterAll, beforeAll, expect, test } from "vitest";
import { itemCursor } from "../src/domain/cursor.ts";
import { expectProblem } from "./expect-problem.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");
let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
  await applyTopology(api.broker, []);
});
afterAll(() => api[Symbol.asyncDispose]());

let sequence = 0;
/** Quarantines a message as messaging does; answers its subject. */
async function bury(code: string, orderId: string = randomUUID(), of = api, traced = {}): Promise<string> {
  sequence += 1;
  const originalSubject = `work.fal.${orderId}.1`;
  const payload = { originalSubject, stream: "WORK", streamSequence: sequence, durable: "generator-work-fal" };
  const original = {
    headers: { "Nats-Msg-Id": `work:${sequence}`, ...traced },
    body: "{",
    bodyEncoding: "utf8",
  } as const;
  await publish(of.broker, deadLetter.create({ ...payload, ...original, deliveryCount: 1, code, reason: "bad" }));
  return originalSubject;
}
const get = (url: string, headers = {}, of = api) => of.app.inject({ url, headers });
const send = (method: "POST" | "DELETE", url: string, headers = {}, of = api) =>
  of.app.inject({ method, url, headers });

test("GET /v1/dead-letters: three of a code, newest first in pages, each found by its id", async () => {
  for (let count = 0; count < 3; count += 1) await bury("listed");
  const first = (await get("/v1/dead-letters?code=listed&limit=2")).json();
  expect(first.data).toHaveLength(2);
  expect(Number(first.data[0].id)).toBeGreaterThan(Number(first.data[1].id));
  const second = (await get(`/v1/dead-letters?code=listed&limit=2&cursor=${first.nextCursor}`)).json();
  expect(second).toMatchObject({ data: [{ code: "listed", index: 1, stream: "WORK", body: "{" }], nextCursor: null });
  expect((await get(`/v1/dead-letters/${first.data[0].id}`)).json()).toEqual(first.data[0]);
  expect((await get("/v1/dead-letters/999999")).statusCode).toBe(404);
});

test("GET /v1/dead-letters: a cursor of nobody or of another list, 400 with the sentence of every list", async () => {
  for (const cursor of ["zz", "7", itemCursor.write({ index: 7 })]) {
    const refused = await get(`/v1/dead-letters?cursor=${cursor}`);
    expectProblem(refused, 400, "validation");
    expect(refused.json().errors).toEqual([
      { pointer: "/query/cursor", detail: "is none of ours; send nextCursor of the page before" },
    ]);
  }
});

test("GET /v1/dead-letters: a message of a trace and one of none, the trace's id and null", async () => {
  await bury("traced", undefined, api, { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
  await bury("traced");

  const { data } = (await get("/v1/dead-letters?code=traced")).json();
  expect(data.map(({ traceId }: { traceId: unknown }) => traceId)).toEqual([null, "0af7651916cd43dd8448eb211c80319c"]);
});

test("POST /v1/dead-letters/{id}/replay: 202, published on its subject again, then 404", async () => {
  const subject = await bury("replayed");
  const [letter] = (await get("/v1/dead-letters?code=replayed")).json().data;
  const response = await send("POST", `/v1/dead-letters/${letter.id}/replay`);
  expect(response.statusCode, response.body).toBe(202);
  expect(response.json()).toEqual({ id: letter.id, action: "republished" });
  expect(await listSubjects(api.broker, streams.work, subject)).toEqual([subject]);
  expect((await send("POST", `/v1/dead-letters/${letter.id}/replay`)).statusCode).toBe(404);
});

test("POST /v1/dead-letters/{id}/replay: asked by five at once and by one who was cut off, published once", async () => {
  const subject = await bury("at-once");
  const [letter] = (await get("/v1/dead-letters?code=at-once")).json().data;
  const before = await readStreamPosition(api.broker, streams.work);

  const url = `/v1/dead-letters/${letter.id}/replay`;
  const statuses = (await Promise.all(Array.from({ length: 5 }, () => send("POST", url)))).map((r) => r.statusCode);
  // Published, and cut off before the letter was removed: it is there once more.
  await republishDeadLetter(api.broker, letter);

  expect(statuses).toContain(202);
  expect(statuses.every((status) => status === 202 || status === 404)).toBe(true);
  const after = await readStreamPosition(api.broker, streams.work);
  expect(after.lastSequence - before.lastSequence).toBe(1);
  expect(await listSubjects(api.broker, streams.work, subject)).toEqual([subject]);
});

test("POST /v1/dead-letters/{id}/replay: its work is queued again already, 409 and it stays", async () => {
  const orderId = randomUUID();
  await bury("twice", orderId);
  await bury("twice", orderId);
  const [newer, older] = (await get("/v1/dead-letters?code=twice")).json().data;
  expect((await send("POST", `/v1/dead-letters/${newer.id}/replay`)).statusCode).toBe(202);

  const refused = await send("POST", `/v1/dead-letters/${older.id}/replay`);

  expect(refused.statusCode, refused.body).toBe(409);
  expect(refused.json().detail).toContain("queued already");
  expect((await get(`/v1/dead-letters/${older.id}`)).statusCode).toBe(200);
});

test("POST /v1/dead-letters/{id}/replay: its item has failed, a retry of that item is asked for", async () => {
  const order = (await api.post("/v1/orders", tenImages)).json();
  await api.pool.query("UPDATE order_items SET status = 'failed' WHERE order_id = $1", [order.id]);
  await api.pool.query(
    "UPDATE orders SET status = 'failed', items_pending = 0, items_failed = 3, finished_at = now() WHERE id = $1",
    [order.id],
  );
  await bury("ended", order.id);
  const [letter] = (await get(`/v1/dead-letters?orderId=${order.id}`)).json().data;
  const response = await send("POST", `/v1/dead-letters/${letter.id}/replay`);
  expect(response.json(), response.body).toEqual({ id: letter.id, action: "retried" });
  const { rows } = await api.pool.query("SELECT kind, attempt, indexes FROM order_requests WHERE order_id = $1", [
    order.id,
  ]);
  expect(rows).toEqual([{ kind: "retry", attempt: 2, indexes: [1] }]);
});

test("POST /v1/dead-letters/replay, DELETE: by filter, counts, and those of other codes stay", async () => {
  for (const code of ["many", "many", "gone", "gone", "stays"]) await bury(code);
  expect((await send("POST", "/v1/dead-letters/replay?code=many")).json()).toMatchObject({ replayed: 2, refused: 0 });
  expect((await send("DELETE", "/v1/dead-letters?code=gone")).json()).toMatchObject({ discarded: 2 });
  const [letter] = (await get("/v1/dead-letters?code=stays")).json().data;
  expect((await send("DELETE", `/v1/dead-letters/${letter.id}`)).statusCode).toBe(204);
  expect((await get(`/v1/dead-letters/${letter.id}`)).statusCode).toBe(404);
});

test("GET /v1/dead-letters: with keys, a tenant sees those of its own orders only, and the operator all", async () => {
  const keys = `red:${hashOf("red-key")},blue:${hashOf("blue-key")},operator:${hashOf("our-key")}`;
  await using keyed = await startOrderApi({ AUTH: "api-key", API_KEYS: keys });
  await applyTopology(keyed.broker, []);
  const red = { authorization: "Bearer red-key" };
  const blue = { authorization: "Bearer blue-key" };
  const order = (await keyed.post("/v1/orders", tenImages, red)).json();
  await bury("tenant", order.id, keyed);
  await bury("tenant", randomUUID(), keyed);
  const { data } = (await get("/v1/dead-letters", red, keyed)).json();
  expect(data).toMatchObject([{ orderId: order.id }]);
  expect((await get("/v1/dead-letters", blue, keyed)).json().data).toEqual([]);
  expect((await send("DELETE", `/v1/dead-letters/${data[0].id}`, blue, keyed)).statusCode).toBe(404);
  const operator = { authorization: "Bearer our-key" };
  const all = (await get("/v1/dead-letters", operator, keyed)).json().data;
  expect(all).toHaveLength(2);
  for (const { id } of all) {
    expect((await send("POST", `/v1/dead-letters/${id}/replay`, operator, keyed)).statusCode).toBe(202);
  }
});

test("GET /v1/dead-letters: the broker away, 503 with Retry-After", async () => {
  await using alone = await startOrderApi({ NATS_URL: "nats://127.0.0.1:1" }, { isBrokerThere: false });
  const response = await get("/v1/dead-letters", {}, alone);
  expect(response.statusCode).toBe(503);
  expect(response.headers["retry-after"]).toBe("5");
});
