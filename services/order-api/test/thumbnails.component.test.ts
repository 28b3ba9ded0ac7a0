import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Order } from "@tirage/contracts";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedProduct } from "./seed-product.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
let order: Order;
beforeAll(async () => {
  api = await startOrderApi();
  order = (await api.post("/v1/orders", tenImages)).json();
});
afterAll(() => api[Symbol.asyncDispose]());

/** Noise, so that its bytes are many. */
const picture = (width: number, height: number) =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();

const thumbnail = (id: string, headers: Record<string, string> = {}) =>
  api.app.inject({ url: `/v1/products/${id}/thumbnail`, headers });

const storedFiles = async () => (await readdir(join(api.blobFolder, "local", order.id, "0", "1"))).sort();

test("GET /v1/products/{id}/thumbnail: asked by 40 at once, one is made, stored beside the product and good for ever", async () => {
  const { id, sha256, bytes } = await seedProduct(api, order.id, 0, await picture(1_200, 600));

  const responses = await Promise.all(Array.from({ length: 40 }, () => thumbnail(id)));

  expect(new Set(responses.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  const [first] = responses;
  for (const { rawPayload } of responses) expect(rawPayload.equals(first?.rawPayload ?? Buffer.alloc(0))).toBe(true);
  expect(first?.rawPayload.length).toBeLessThan(bytes.length / 4);
  expect(await sharp(first?.rawPayload).metadata()).toMatchObject({ format: "webp", width: 512, height: 256 });
  expect(first?.headers).toMatchObject({
    "content-type": "image/webp",
    "cache-control": "private, max-age=31536000, immutable",
    etag: `"${sha256}-webp-512"`,
    "content-length": String(first?.rawPayload.length),
  });
  expect(await storedFiles()).toEqual(["0.png", "0.png.webp-512.webp"]);
});

test("GET /v1/products/{id}/thumbnail: made before, served without the product's bytes", async () => {
  const { id } = await seedProduct(api, order.id, 1, await picture(600, 600));
  const made = await thumbnail(id);
  await rm(join(api.blobFolder, "local", order.id, "0", "1", "1.png"));

  const again = await thumbnail(id);

  expect(again.statusCode).toBe(200);
  expect(again.rawPayload.equals(made.rawPayload)).toBe(true);
});

test("GET /v1/products/{id}/thumbnail: its ETag sent back, 304 without bytes", async () => {
  const { id } = await seedProduct(api, order.id, 2, await picture(20, 10));
  const { headers, rawPayload } = await thumbnail(id);

  expect(await sharp(rawPayload).metadata()).toMatchObject({ width: 20, height: 10 });
  const unchanged = await thumbnail(id, { "if-none-match": String(headers.etag) });
  expect(unchanged.statusCode).toBe(304);
  expect(unchanged.rawPayload).toHaveLength(0);
});

test("GET /v1/products/{id}/thumbnail: no image that can be decoded, a problem that says where the content is", async () => {
  const { id } = await seedProduct(api, order.id, 3);

  for (const response of [await thumbnail(id), await thumbnail(id)]) {
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ type: "/problems/no-thumbnail" });
    expect(response.json().detail).toContain(`/v1/products/${id}/content`);
    expect(response.headers["cache-control"]).toBeUndefined();
  }
  expect((await api.app.inject(`/v1/products/${id}/content`)).statusCode).toBe(200);
  expect((await api.app.inject("/problems/no-thumbnail")).statusCode).toBe(200);
});

test("GET /v1/products/{id}/thumbnail: more pixels than are decoded, no thumbnail", async () => {
  const side = 10_100;
  const white = { width: side, height: side, channels: 3, background: "white" } as const;
  const { id } = await seedProduct(api, order.id, 4, await sharp({ create: white }).png().toBuffer());

  expect((await thumbnail(id)).json()).toMatchObject({ type: "/problems/no-thumbnail" });
});

test("GET /v1/products/{id}/thumbnail: content that is gone, and nobody's product, not found", async () => {
  const { id } = await seedProduct(api, order.id, 5, await picture(10, 10));
  await rm(join(api.blobFolder, "local", order.id, "0", "1", "5.png"));

  expect((await thumbnail(id)).json()).toMatchObject({ type: "/problems/not-found" });
  expect((await thumbnail(order.id)).statusCode).toBe(404);
});
