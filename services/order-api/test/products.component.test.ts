import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SeededProduct, seedProduct } from "./seed-product.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
let orderId: string;
let product: SeededProduct;
beforeAll(async () => {
  api = await startOrderApi();
  orderId = (await api.post("/v1/orders", tenImages)).json().id;
  product = await seedProduct(api, orderId, 0);
  await seedProduct(api, orderId, 1);
  await seedProduct(api, orderId, 2);
});
afterAll(() => api[Symbol.asyncDispose]());

const content = (headers: Record<string, string> = {}) =>
  api.app.inject({ url: `/v1/products/${product.id}/content`, headers });

test("GET /v1/orders/{id}/products: more than a page, every product once by index", async () => {
  const first = (await api.app.inject(`/v1/orders/${orderId}/products?limit=2`)).json();
  const second = (await api.app.inject(`/v1/orders/${orderId}/products?limit=2&cursor=${first.nextCursor}`)).json();

  expect([...first.data, ...second.data].map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(second.nextCursor).toBeNull();
  expect(first.data[0]).toMatchObject({
    id: product.id,
    orderId,
    contentType: "image/png",
    bytes: 1_000,
    sha256: product.sha256,
  });
});

test("GET /v1/products/{id}: asked, its metadata with where its bytes are", async () => {
  const response = await api.app.inject(`/v1/products/${product.id}`);

  expect(response.json()).toMatchObject({
    id: product.id,
    width: 64,
    seed: 7,
    urls: { content: `/v1/products/${product.id}/content` },
  });
});

test("GET /v1/products/{id}/content: asked, the bytes with what browsers and caches need", async () => {
  const response = await content();

  expect(response.statusCode).toBe(200);
  expect(response.rawPayload.equals(product.bytes)).toBe(true);
  expect(response.headers).toMatchObject({
    "content-type": "image/png",
    "content-length": "1000",
    etag: `"${product.sha256}"`,
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=31536000, immutable",
    "content-disposition": `inline; filename="${product.id}.png"`,
    "x-content-type-options": "nosniff",
  });
});

test("GET /v1/products/{id}/content: its ETag sent back, 304 without bytes", async () => {
  const response = await content({ "if-none-match": `W/"other", "${product.sha256}"` });

  expect(response.statusCode).toBe(304);
  expect(response.rawPayload).toHaveLength(0);
});

test("GET /v1/products/{id}/content: a range, 206 with just that part", async () => {
  for (const [range, start, end] of [
    ["bytes=0-9", 0, 9],
    ["bytes=990-", 990, 999],
    ["bytes=-5", 995, 999],
    ["bytes=100-5000", 100, 999],
  ] as const) {
    const response = await content({ range });
    expect(response.statusCode, range).toBe(206);
    expect(response.headers["content-range"]).toBe(`bytes ${start}-${end}/1000`);
    expect(response.rawPayload.equals(product.bytes.subarray(start, end + 1)), range).toBe(true);
  }
});

test("GET /v1/products/{id}/content: a range beyond the end, 416 with the length", async () => {
  const response = await content({ range: "bytes=1000-" });

  expect(response.statusCode).toBe(416);
  expect(response.headers["content-range"]).toBe("bytes */1000");
  expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
});

test("GET /v1/products/{id}/content: a range of what it was before, the whole", async () => {
  const response = await content({ range: "bytes=0-9", "if-range": '"other"' });

  expect(response.statusCode).toBe(200);
  expect(response.rawPayload).toHaveLength(1_000);
});

test("HEAD /v1/products/{id}/content: asked, the headers alone", async () => {
  const response = await api.app.inject({ method: "HEAD", url: `/v1/products/${product.id}/content` });

  expect(response.statusCode).toBe(200);
  expect(response.headers["content-length"]).toBe("1000");
  expect(response.rawPayload).toHaveLength(0);
});

test("HEAD /v1/products/{id}/content: its bytes are gone, not found", async () => {
  const { id } = await seedProduct(api, orderId, 3);
  await rm(join(api.blobFolder, "local", orderId, "0", "1", "3.png"));

  expect((await api.app.inject({ method: "HEAD", url: `/v1/products/${id}/content` })).statusCode).toBe(404);
  expect((await api.app.inject(`/v1/products/${id}/content`)).statusCode).toBe(404);
});
