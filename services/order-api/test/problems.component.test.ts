import { afterAll, beforeAll, expect, test } from "vitest";
import { expectProblem } from "./expect-problem.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function expectNothingWritten(): Promise<void> {
  expect(await api.countRows()).toEqual({ orders: 0, items: 0, outbox: 0, keys: 0 });
  expect(await api.subjects()).toEqual([]);
}

const generations = { ...tenImages, quantity: undefined, batchSize: undefined, generations: 1 };
const communityModel = { provider: "replicate", model: "someone/some-model", prompt: "a lighthouse", quantity: 1 };
const parametersOf = (bytes: number) => ({ note: "x".repeat(bytes - '{"note":""}'.length) });
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const invalid: Record<string, { body: unknown; pointers: string[] }> = {
  "unreadable JSON": { body: '{"provider": ', pointers: [""] },
  "no body": { body: "", pointers: [""] },
  "a JSON text that is no object": { body: "[1]", pointers: [""] },
  "an unknown field": { body: { ...tenImages, promt: "x" }, pointers: ["/promt"] },
  "a wrong type": { body: { ...tenImages, prompt: 7 }, pointers: ["/prompt"] },
  "several faults at once": {
    body: { ...tenImages, model: "", priority: "urgent", quantity: 0, seed: -1 },
    pointers: ["/model", "/priority", "/quantity", "/seed"],
  },
  "faults of the schema, of the model's parameters and of the deadline at once": {
    body: {
      ...tenImages,
      prompt: 7,
      expiresAt: "2001-01-01T00:00:00Z",
      parameters: { image_sise: "square", num_inference_steps: 9_999 },
    },
    pointers: ["/expiresAt", "/parameters/image_sise", "/parameters/num_inference_steps", "/prompt"],
  },
  "a fault of the schema and a provider that is not there": {
    body: { ...tenImages, provider: "midjourney", prompt: "", parameters: { nothing: 1 } },
    pointers: ["/prompt", "/provider"],
  },
  "parameters that are none and a batch size above any model's": {
    body: { ...generations, batchSize: 65, parameters: "square" },
    pointers: ["/batchSize", "/parameters"],
  },
  "a model that cannot be read": {
    body: { ...tenImages, model: 7, parameters: { nothing: 1 } },
    pointers: ["/model"],
  },
  "a quantity out of range": { body: { ...tenImages, quantity: 40_001 }, pointers: ["/quantity"] },
  "generations out of range": { body: { ...generations, generations: 10_001 }, pointers: ["/generations"] },
  "more calls than an order may make": {
    body: { ...tenImages, quantity: 10_001, batchSize: 1 },
    pointers: ["/quantity"],
  },
  "more calls than an order may make, of batches above the model's": {
    body: { ...generations, generations: 10_000, batchSize: 5 },
    pointers: ["/generations"],
  },
  "a prompt too long": { body: { ...tenImages, prompt: "x".repeat(10_001) }, pointers: ["/prompt"] },
  "both generations and quantity": { body: { ...tenImages, generations: 2 }, pointers: ["/quantity"] },
  "neither generations nor quantity": { body: { ...tenImages, quantity: undefined }, pointers: ["/generations"] },
  "a parameter that the model lacks": {
    body: { ...tenImages, parameters: { image_sise: "square" } },
    pointers: ["/parameters/image_sise"],
  },
  "a parameter out of range": {
    body: { ...tenImages, parameters: { num_inference_steps: 9_999 } },
    pointers: ["/parameters/num_inference_steps"],
  },
  "a batch size above any model's": { body: { ...generations, batchSize: 65 }, pointers: ["/batchSize"] },
  "parameters too large": {
    body: { ...generations, provider: "null", model: "any", parameters: parametersOf(32 * 1024 + 1) },
    pointers: ["/parameters"],
  },
  "prompt and parameters too large for a message": {
    body: {
      ...generations,
      provider: "null",
      model: "any",
      prompt: "€".repeat(10_000),
      parameters: parametersOf(32 * 1024),
    },
    pointers: ["/parameters"],
  },
  "too many metadata keys": {
    body: { ...tenImages, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`key${n}`, "x"])) },
    pointers: ["/metadata"],
  },
  "a shortfall that is none": { body: { ...tenImages, shortfall: "more" }, pointers: ["/shortfall"] },
  "a NUL in the prompt": { body: { ...tenImages, prompt: "a\0b" }, pointers: ["/prompt"] },
  "half a surrogate pair in metadata": {
    body: { ...tenImages, metadata: { customer: "\ud83d" } },
    pointers: ["/metadata/customer"],
  },
  "parameters nested without end": { body: `{"parameters": ${nested(40_000)}}`, pointers: ["/parameters/a/a"] },
  "a version for a provider without versions": {
    body: { ...tenImages, modelVersion: "abc" },
    pointers: ["/modelVersion"],
  },
};

for (const [circumstance, { body, pointers }] of Object.entries(invalid)) {
  test(`POST /v1/orders: ${circumstance}, 400 with its pointers and nothing written`, async () => {
    const response = await api.post("/v1/orders", body);

    expect(expectProblem(response, 400, "validation").sort()).toEqual(pointers);
    await expectNothingWritten();
  });
}

test("POST /v1/orders/batch: one bad order among good ones, 400 at its place and none written", async () => {
  const orders = [tenImages, tenImages, { ...tenImages, prompt: "" }, { ...tenImages, parameters: { nothing: 1 } }];

  const bySchema = await api.post("/v1/orders/batch", { orders });
  const byModel = await api.post("/v1/orders/batch", { orders: [orders[0], orders[3]] });

  expect(expectProblem(bySchema, 400, "validation")).toEqual(["/orders/2/prompt", "/orders/3/parameters/nothing"]);
  expect(expectProblem(byModel, 400, "validation")).toEqual(["/orders/1/parameters/nothing"]);
  await expectNothingWritten();
});

test("POST /v1/orders/batch: no orders, too many, or too many calls together, 400 and none written", async () => {
  const large = { ...generations, provider: "null", model: "any", generations: 10_000 };

  const none = await api.post("/v1/orders/batch", { orders: [] });
  const tooMany = await api.post("/v1/orders/batch", { orders: Array.from({ length: 101 }, () => tenImages) });
  const tooLarge = await api.post("/v1/orders/batch", { orders: Array.from({ length: 6 }, () => large) });

  for (const response of [none, tooMany, tooLarge]) {
    expect(expectProblem(response, 400, "validation")).toEqual(["/orders"]);
  }
  await expectNothingWritten();
});

test("fault 46: POST /v1/orders: body over 256 KiB, 413 and nothing written", async () => {
  const response = await api.post("/v1/orders", { ...tenImages, prompt: "x".repeat(256 * 1024) });

  expectProblem(response, 413, "too-large");
  await expectNothingWritten();
});

for (const type of [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "image/png",
]) {
  test(`POST /v1/orders: content type ${type}, 415 and nothing written`, async () => {
    const response = await api.post("/v1/orders", tenImages, { "content-type": type });

    expectProblem(response, 415, "media-type");
    await expectNothingWritten();
  });
}

const unorderable: Record<string, { body: object; pointer: string; says: string }> = {
  "an unknown provider": { body: { ...tenImages, provider: "midjourney" }, pointer: "/provider", says: "fal" },
  "a community model without version": { body: communityModel, pointer: "/modelVersion", says: "modelVersion" },
  "a model name that is a path elsewhere": {
    body: { ...tenImages, model: "fal-ai/../secrets" },
    pointer: "/model",
    says: "owner/name",
  },
};

for (const [circumstance, { body, pointer, says }] of Object.entries(unorderable)) {
  test(`POST /v1/orders: ${circumstance}, 422 saying what to send and nothing written`, async () => {
    const response = await api.post("/v1/orders", body);

    expect(expectProblem(response, 422, "model")).toEqual([pointer]);
    expect(response.json().detail).toContain(says);
    await expectNothingWritten();
  });
}

test("POST /v1/quotes: what POST /v1/orders refuses, refused alike", async () => {
  expect(expectProblem(await api.post("/v1/quotes", { ...generations, batchSize: 65 }), 400, "validation")).toEqual([
    "/batchSize",
  ]);
  const severalFaults = { ...generations, prompt: "", parameters: { nothing: 1 }, expiresAt: "2001-01-01T00:00:00Z" };
  expect(expectProblem(await api.post("/v1/quotes", severalFaults), 400, "validation").sort()).toEqual([
    "/expiresAt",
    "/parameters/nothing",
    "/prompt",
  ]);
  expect(expectProblem(await api.post("/v1/quotes", communityModel), 422, "model")).toEqual(["/modelVersion"]);
});

for (const key of ["", "x".repeat(256), "schl\u00fcssel"]) {
  test(`POST /v1/orders: Idempotency-Key ${JSON.stringify(key.slice(0, 9))}, 400 and nothing written`, async () => {
    const response = await api.post("/v1/orders", tenImages, { "idempotency-key": key });

    expect(expectProblem(response, 400, "validation")).toEqual(["/headers/idempotency-key"]);
    await expectNothingWritten();
  });
}

test("GET /v1/orders: bad filters, limits and cursors, 400 with their pointers", async () => {
  const pointersOf = async (query: string) =>
    expectProblem(await api.app.inject(`/v1/orders?${query}`), 400, "validation");

  expect(await pointersOf("limit=0")).toEqual(["/query/limit"]);
  expect(await pointersOf("limit=101&status=done")).toEqual(["/query/status", "/query/limit"]);
  expect(await pointersOf("createdAfter=yesterday")).toEqual(["/query/createdAfter"]);
  expect(await pointersOf("cursor=bm9uZQ")).toEqual(["/query/cursor"]);
  expect(await pointersOf("model=a%00b")).toEqual(["/query/model"]);
  expect(await pointersOf("page=2")).toEqual(["/query/page"]);
});

test("GET: addresses and ids of nothing, 404", async () => {
  const id = "01900000-0000-7000-8000-000000000000";
  const addresses = [
    "/nothing",
    "/v1/nothing",
    "/v1/orders/%zz",
    `/v1/orders/${"x".repeat(500)}`,
    "/v1/orders/42",
    `/v1/orders/${id}`,
    `/v1/orders/${id}/items`,
    `/v1/orders/${id}/products`,
    `/v1/products/${id}`,
    `/v1/products/${id}/content`,
    "/problems/nothing",
  ];
  for (const address of addresses) expectProblem(await api.app.inject(address), 404, "not-found");
});

test("GET /problems/{type}: the type of a problem, explained to programs and to people", async () => {
  const { type } = (await api.post("/v1/orders", communityModel)).json();

  const forPrograms = await api.app.inject(type);
  const forPeople = await api.app.inject({ url: type, headers: { accept: "text/html" } });
  expect(forPrograms.json()).toMatchObject({ type: "/problems/model", status: 422 });
  expect(forPeople.headers["content-type"]).toContain("text/html");
  expect(forPeople.body).toContain("<h1>The model cannot be ordered this way</h1>");
  expect(forPeople.body).toContain("<code>GET /v1/models</code>");
});

test("POST /v1/orders/{id}/cancel: JSON named as the type of an empty body, taken as none", async () => {
  const { id } = (await api.post("/v1/orders", tenImages)).json();

  expect((await api.post(`/v1/orders/${id}/cancel`, "")).statusCode).toBe(202);
  expect((await api.post(`/v1/orders/${id}/retry`, "")).statusCode).toBe(409);
});

test("POST /v1/orders: faults of several kinds, sentences that say what to send and no word of the schema", async () => {
  const body = { ...tenImages, prompt: " \n", quantity: "ten", priority: "soon", metadata: { customer: 7 } };
  const response = await api.post("/v1/orders", body);

  expect(response.json().errors).toEqual(
    expect.arrayContaining([
      { pointer: "/prompt", detail: "must say something: it is nothing but white space" },
      { pointer: "/quantity", detail: "must be a number, not a text" },
      { pointer: "/priority", detail: "must be one of interactive, standard, bulk" },
      { pointer: "/metadata/customer", detail: "must be a text, not a number" },
    ]),
  );
  expect(response.body).not.toMatch(/Invalid|expected/);
  expect((await api.post("/v1/orders", "")).json().detail).toBe("the body: is empty: send JSON");
});
