import { createHash, randomUUID } from "node:crypto";
import { deadLetter, itemIdOf, orderCancelRequested, streams } from "@tirage/contracts";
import { buildItemCompleted, buildWorkRequested } from "@tirage/contracts/testing";
import {
  applyTopology,
  publish,
  purgeSubjects,
  readDeadLetter,
  readStreamPosition,
  republishDeadLetter,
} from "@tirage/messaging";
import { eventually, startServiceProcess } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");
let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
  await applyTopology(api.broker, []);
});
afterAll(() => api[Symbol.asyncDispose]());

let streamSequence = 0;
/** Quarantines a message that cannot be read; answers the address of its letter. */
async function bury(originalSubject: string, { headers = {}, stream = "WORK", of = api } = {}): Promise<string> {
  streamSequence += 1;
  const code = `letter-${streamSequence}`;
  const where = { originalSubject, stream, streamSequence, durable: "generator-work-fal" };
  const original = { headers, body: "{", bodyEncoding: "utf8" } as const;
  await publish(of.broker, deadLetter.create({ ...where, ...original, deliveryCount: 1, code, reason: "bad" }));
  const [letter] = (await of.app.inject({ url: `/v1/dead-letters?code=${code}`, headers: operator })).json().data;
  return `/v1/dead-letters/${letter.id}`;
}
const operator = { authorization: "Bearer our-key" };
const replay = (url: string, body?: object, { headers = {}, of = api } = {}) =>
  of.app.inject({ method: "POST", url: `${url}/replay`, headers, ...(body && { payload: body }) });
const pointersOf = (response: { json(): { errors?: { pointer: string }[] } }) =>
  response.json().errors?.map(({ pointer }) => pointer);
const ordersStored = async () => (await readStreamPosition(api.broker, streams.orders)).lastSequence;

test("replay with a payload: asked by five at once and by one who was cut off, published once", async () => {
  const orderId = randomUUID();
  const url = await bury(`order.cancel_requested.${orderId}`, { stream: "ORDERS" });
  const letter = await readDeadLetter(api.broker, Number(url.split("/").at(-1)));
  if (!letter) throw new Error("the letter is gone");
  const before = await ordersStored();

  const asked = Array.from({ length: 5 }, () => replay(url, { payload: { orderId, reason: "customer" } }));
  const statuses = (await Promise.all(asked)).map(({ statusCode }) => statusCode);
  await republishDeadLetter(api.broker, letter, orderCancelRequested.create({ orderId, reason: "customer" }));

  expect(statuses).toContain(202);
  expect(statuses.every((status) => status === 202 || status === 404)).toBe(true);
  expect(await ordersStored()).toBe(before + 1);
});

test("replay with a payload: the letter was replayed as it is a moment ago, published all the same", async () => {
  const orderId = randomUUID();
  const url = await bury(`order.cancel_requested.${orderId}`, { stream: "ORDERS" });
  const letter = await readDeadLetter(api.broker, Number(url.split("/").at(-1)));
  if (!letter) throw new Error("the letter is gone");
  const before = await ordersStored();

  await republishDeadLetter(api.broker, letter);
  await republishDeadLetter(api.broker, letter, orderCancelRequested.create({ orderId }));
  await republishDeadLetter(api.broker, letter, orderCancelRequested.create({ orderId, reason: "deadline" }));

  expect(await ordersStored()).toBe(before + 3);
});

test("replay with a payload: three different ones raced over two replicas, one is published and the others are refused", async () => {
  await using second = await startOrderApi({}, { beside: api });
  const refusals: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const orderId = randomUUID();
    const url = await bury(`order.cancel_requested.${orderId}`, { stream: "ORDERS" });
    const before = await ordersStored();

    const edits = [{ orderId }, { orderId, reason: "customer" }, { orderId, reason: "deadline" }];
    const answers = await Promise.all(
      edits.map((payload, place) => replay(url, { payload }, { of: place % 2 === 0 ? api : second })),
    );

    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 202)).toHaveLength(1);
    refusals.push(...statuses.filter((status) => status !== 202));
    expect(await ordersStored()).toBe(before + 1);
    expect((await api.app.inject(url)).statusCode).toBe(404);
  }
  expect(refusals.every((status) => status === 409 || status === 404)).toBe(true);
  expect(refusals).toContain(409);
});

test("replay with a payload: killed after publishing, the letter stays, another edit is refused, the same one ends it", async () => {
  const orderId = randomUUID();
  const url = await bury(`order.cancel_requested.${orderId}`, { stream: "ORDERS" });
  const before = await ordersStored();
  const { DATABASE_URL, BLOB_URL } = api.config;
  await using killed = await startServiceProcess("order-api", {
    ...{ DATABASE_URL, NATS_URL: api.nats.url, BLOB_URL, HOST: "127.0.0.1", PROVIDERS: "fal" },
    TIRAGE_FAILPOINTS: "after_publish_before_removal=kill@1",
  });
  await eventually(async () => (await fetch(`${killed.url}${url}`, { signal: AbortSignal.timeout(5_000) })).ok);
  const chosen = { payload: { orderId, reason: "customer" } };
  const ask = fetch(`${killed.url}${url}/replay`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(chosen),
    signal: AbortSignal.timeout(20_000),
  });
  await expect(ask).rejects.toThrow();
  expect(await killed.end("SIGTERM")).toBe("SIGKILL");
  expect(await ordersStored()).toBe(before + 1);

  for (const other of [{ payload: { orderId, reason: "deadline" } }, undefined]) {
    const refused = await replay(url, other);
    expect(refused.statusCode, refused.body).toBe(409);
    expect(refused.json().detail).toContain("repeat that same replay");
  }
  expect((await replay(url, chosen)).statusCode).toBe(202);

  expect(await ordersStored()).toBe(before + 1);
  expect((await api.app.inject(url)).statusCode).toBe(404);
});

test("replay with a payload: refused since the work is queued, another edit may follow", async () => {
  const orderId = randomUUID();
  const payloadWith = (prompt: string) => ({
    payload: { ...buildWorkRequested({ orderId, index: 1 }).payload, prompt },
  });
  const queued = await bury(`work.fal.${orderId}.1`);
  const url = await bury(`work.fal.${orderId}.1`);
  expect((await replay(queued)).statusCode).toBe(202);
  const refused = await replay(url, payloadWith("a harbour"));
  expect(refused.statusCode, refused.body).toBe(409);
  expect(refused.json().detail).toContain("queued already");

  await purgeSubjects(api.broker, streams.work, `work.fal.${orderId}.1`);

  expect((await replay(url, payloadWith("a lighthouse"))).statusCode).toBe(202);
});

const orderId = randomUUID();
const { payload: work } = buildWorkRequested({ orderId, index: 1 });
const otherId = randomUUID();
test.each([
  ["no payload", {}, ["/payload"]],
  ["a list", { payload: [] }, ["/payload"]],
  ["a field beside it", { payload: work, force: true }, ["/force"]],
  [
    "a missing and an unknown field",
    { payload: { ...work, model: undefined, m: 1 } },
    ["/payload/model", "/payload/m"],
  ],
  ["another order", { payload: { ...work, orderId: otherId } }, ["/payload/orderId"]],
  ["another item", { payload: { ...work, itemId: itemIdOf(orderId, 2) } }, ["/payload/itemId"]],
  ["another provider", { payload: { ...work, provider: "replicate" } }, ["/payload/provider"]],
  ["more than a message holds", { payload: { ...work, prompt: "a".repeat(65_536) } }, ["/payload"]],
])("replay with %s: 400 that points at it, and the letter stays", async (_circumstance, body, pointers) => {
  const url = await bury(`work.fal.${orderId}.1`);

  const response = await replay(url, body);

  expect(response.statusCode, response.body).toBe(400);
  expect(pointersOf(response)).toEqual(pointers);
  expect((await api.app.inject(url)).statusCode).toBe(200);
});

test("replay with a payload: the type is of a version that is not known, 409 that points at the payload", async () => {
  const url = await bury(`work.fal.${orderId}.1`, { headers: { "ce-type": "tirage.work.requested.v9" } });

  const response = await replay(url, { payload: work });

  expect(response.statusCode, response.body).toBe(409);
  expect(response.json().errors).toMatchObject([
    { pointer: "/payload", detail: expect.stringContaining("work.requested.v9") },
  ]);
});

test("replay with a payload: its item has failed, 409 that says how it runs again", async () => {
  const order = (await api.post("/v1/orders", tenImages)).json();
  await api.pool.query("UPDATE order_items SET status = 'failed' WHERE order_id = $1", [order.id]);
  const url = await bury(`work.fal.${order.id}.1`);

  const response = await replay(url, { payload: buildWorkRequested({ orderId: order.id, index: 1 }).payload });

  expect(response.statusCode, response.body).toBe(409);
  expect(response.json().detail).toContain("replayed unedited");
});

test("replay with a payload: with keys, the operator's alone, and within the letter's tenant and outputs", async () => {
  const keys = `red:${hashOf("red-key")},blue:${hashOf("blue-key")},operator:${hashOf("our-key")}`;
  await using keyed = await startOrderApi({ AUTH: "api-key", API_KEYS: keys });
  await applyTopology(keyed.broker, []);
  const red = { headers: { authorization: "Bearer red-key" }, of: keyed };
  const { id } = (await keyed.post("/v1/orders", tenImages, red.headers)).json();
  const own = buildWorkRequested({ orderId: id, index: 1, tenantId: "red" }).payload;
  const workUrl = await bury(`work.fal.${id}.1`, { of: keyed });
  const eventUrl = await bury(`item.completed.${id}.1`, { of: keyed, stream: "ITEMS" });
  const completed = buildItemCompleted({ orderId: id, index: 1, produced: 1 }).payload;

  const blue = { headers: { authorization: "Bearer blue-key" }, of: keyed };
  const our = { headers: operator, of: keyed };
  expect((await replay(workUrl, { payload: own }, blue)).statusCode).toBe(404);
  expect((await replay(workUrl, { payload: own }, red)).statusCode).toBe(403);
  expect(pointersOf(await replay(workUrl, { payload: { ...own, tenantId: "blue" } }, our))).toEqual([
    "/payload/tenantId",
  ]);
  expect(pointersOf(await replay(eventUrl, { payload: completed }, our))).toEqual(["/payload/outputs/0/storageKey"]);
  expect((await replay(workUrl, { payload: own }, our)).statusCode).toBe(202);
});
