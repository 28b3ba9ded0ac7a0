import { expect, test } from "vitest";
import { collect } from "../test/collect.ts";
import { type Client, createClient, TirageConnectionError, TirageProblem } from "./index.ts";

const request = { provider: "fal", model: "fal-ai/flux/schnell", prompt: "a lighthouse at dusk", quantity: 10 };
const orderId = "0192c0de-0000-7000-8000-000000000000";

type Answer = () => Response | Error;
const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { status, headers });
const stream = (text: string) => () => new Response(text, { headers: { "content-type": "text/event-stream" } });

/** A client whose calls get these answers, one after the other, and what it sent. */
function clientOf(...answers: Answer[]) {
  const sent: { url: string; headers: Headers; method: string }[] = [];
  const client = createClient({
    baseUrl: "http://api/",
    apiKey: "secret",
    async fetch(url, init) {
      sent.push({ url: String(url), headers: new Headers(init?.headers), method: init?.method ?? "GET" });
      const answer = answers.shift()?.();
      if (answer === undefined) throw new Error("one call too many");
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { client, sent };
}

test("orders.create: the network fails, then 503, then 201, one order by the same key", async () => {
  const { client, sent } = clientOf(
    () => new TypeError("fetch failed"),
    json({}, 503, { "retry-after": "0" }),
    json({ id: orderId }, 201),
  );

  expect(await client.orders.create(request)).toEqual({ id: orderId });
  const keys = sent.map(({ headers }) => headers.get("idempotency-key"));
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(sent[0]?.headers.get("authorization")).toBe("Bearer secret");
});

test("orders.create: cancelAfter, sent as the header beside the key", async () => {
  const { client, sent } = clientOf(json({ id: orderId }, 201), json({ id: orderId }, 201));

  await client.orders.create(request, { cancelAfter: "5m", idempotencyKey: "key-1" });
  await client.orders.create(request);
  expect(sent.map(({ headers }) => headers.get("cancel-after"))).toEqual(["5m", null]);
  expect(sent[0]?.headers.get("idempotency-key")).toBe("key-1");
});

test("orders.create: 400, the problem with every fault and no second attempt", async () => {
  const errors = [{ pointer: "/prompt", detail: "is missing" }];
  const problem = {
    type: "/problems/validation",
    title: "Not valid",
    status: 400,
    detail: "no",
    requestId: "1",
    traceId: "0af7651916cd43dd8448eb211c80319c",
    errors,
  };
  const { client, sent } = clientOf(json(problem, 400));

  const thrown = await client.orders.create(request).catch((error: unknown) => error);

  expect(thrown).toBeInstanceOf(TirageProblem);
  expect(thrown).toMatchObject(problem);
  expect(sent).toHaveLength(1);
});

test("orders.get: the network is away for longer than its attempts, TirageConnectionError with the cause", async () => {
  const failure = new TypeError("fetch failed");
  const client = createClient({ baseUrl: "http://api", retries: 1, fetch: () => Promise.reject(failure) });

  const thrown = await client.orders.get(orderId).catch((error: unknown) => error);

  expect(thrown).toBeInstanceOf(TirageConnectionError);
  expect(thrown).toMatchObject({ cause: failure });
});

test("orders.get: an answer that never comes and the caller aborts, the caller's reason at once", async () => {
  const controller = new AbortController();
  const client = createClient({
    baseUrl: "http://api",
    fetch: (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        controller.abort(new Error("enough"));
      }),
  });

  await expect(client.orders.get(orderId, { signal: controller.signal })).rejects.toThrow("enough");
});

test("orders.get: an answer that never comes, ended by the timeout of every attempt", async () => {
  const client = createClient({
    baseUrl: "http://api",
    retries: 1,
    fetch: (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      }),
  });

  await expect(client.orders.get(orderId, { timeoutMs: 20 })).rejects.toThrow(TirageConnectionError);
});

test("orders.list: two pages, every order and the filter on both", async () => {
  const { client, sent } = clientOf(
    json({ data: [{ id: "a" }, { id: "b" }], nextCursor: "next" }),
    json({ data: [{ id: "c" }], nextCursor: null }),
  );

  const orders = await collect(client.orders.list({ status: "failed" }));

  expect(orders.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(sent.map(({ url }) => new URL(url).search)).toEqual(["?status=failed", "?status=failed&cursor=next"]);
});

test("orders.events: the stream breaks, resumed from the last id and each product told once", async () => {
  const product = 'id: 3\nevent: product\ndata: {"id":"p1"}\n\n';
  const { client, sent } = clientOf(
    stream(`id: 3\nevent: order\ndata: {"version":3}\n\n${product}`),
    () => new TypeError("reset"),
    stream(`id: 4\nevent: order\ndata: {"version":4}\n\n${product}id: 4\nevent: end\ndata: {"version":4}\n\n`),
  );

  const events = await collect(client.orders.events(orderId));

  expect(events.map(({ type }) => type)).toEqual(["order", "product", "order", "end"]);
  expect(sent.map(({ headers }) => headers.get("last-event-id"))).toEqual([null, "3", "3"]);
});

test.each([
  ["orders.retry", (client: Client) => client.orders.retry(orderId)],
  ["deadLetters.replayMatching", (client: Client) => client.deadLetters.replayMatching({})],
  ["deadLetters.discardMatching", (client: Client) => client.deadLetters.discardMatching({})],
])("%s: the answer is lost, not asked a second time; but again when it was too early", async (_name, ask) => {
  const lost = clientOf(() => new TypeError("reset"));
  const early = clientOf(json({}, 429, { "retry-after": "0" }), json({}));

  await expect(ask(lost.client)).rejects.toThrow(TirageConnectionError);
  await ask(early.client);

  expect([lost.sent.length, early.sent.length]).toEqual([1, 2]);
});

test("orders.events: the server asks to wait for longer than anyone would, TirageConnectionError with the problem", async () => {
  const { client, sent } = clientOf(json({}, 503, { "retry-after": "3600" }));

  await expect(collect(client.orders.events(orderId))).rejects.toMatchObject({
    name: "TirageConnectionError",
    cause: { status: 503 },
  });
  expect(sent).toHaveLength(1);
});

test("orders.events: the order is not there, the problem", async () => {
  const { client } = clientOf(json({ type: "/problems/not-found" }, 404));

  await expect(collect(client.orders.events(orderId))).rejects.toMatchObject({ status: 404 });
});

test("orders.wait: the order does not end in time, TimeoutError", async () => {
  const client = createClient({
    baseUrl: "http://api",
    fetch: (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      }),
  });

  await expect(client.orders.wait(orderId, { timeoutMs: 20 })).rejects.toMatchObject({ name: "TimeoutError" });
});

test("orders.download: 503, then the archive, its bytes as they come", async () => {
  const { client, sent } = clientOf(json({}, 503, { "retry-after": "0" }), () => new Response("PK archive"));

  const archive = await client.orders.download(orderId);

  expect(await new Response(archive).text()).toBe("PK archive");
  expect(sent.map(({ url }) => url)).toEqual(Array(2).fill(`http://api/v1/orders/${orderId}/archive`));
});
