import type { GalleryProduct } from "@tirage/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedProduct } from "./seed-product.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
/** Of three orders, oldest first. */
const productIds: string[] = [];
beforeAll(async () => {
  api = await startOrderApi();
  for (const request of [
    { ...tenImages, prompt: "A lighthouse at 100% dusk" },
    { ...tenImages, prompt: "a harbour" },
    { ...tenImages, prompt: "another harbour", model: "fal-ai/flux/dev" },
  ]) {
    const { id } = (await api.post("/v1/orders", request)).json();
    for (const index of [0, 1]) {
      const product = await seedProduct(api, id, index);
      // Two products of one moment, so that the cursor must tell them apart by more than time.
      await api.pool.query(
        "UPDATE products SET created_at = '2026-01-05T09:00:00Z'::timestamptz + $2::int * interval '1 s' WHERE id = $1",
        [product.id, productIds.length - (productIds.length % 2)],
      );
      productIds.push(product.id);
    }
  }
});
afterAll(() => api[Symbol.asyncDispose]());

async function list(query: string): Promise<{ data: GalleryProduct[]; nextCursor: string | null }> {
  const response = await api.app.inject(`/v1/products?${query}`);
  expect(response.statusCode, response.body).toBe(200);
  return response.json();
}

test("GET /v1/products: page after page, every product of every order once, newest first", async () => {
  const seen: GalleryProduct[] = [];
  let cursor = "";
  do {
    const page = await list(`limit=1${cursor}`);
    seen.push(...page.data);
    cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
  } while (cursor !== "");

  expect(seen.map(({ prompt }) => prompt)).toEqual([
    ...Array(2).fill("another harbour"),
    ...Array(2).fill("a harbour"),
    ...Array(2).fill("A lighthouse at 100% dusk"),
  ]);
  expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(productIds));
});

test.each([
  ["search=HARBOUR", 4],
  ["search=100%25", 2],
  ["search=%25%25", 0],
  ["search=_", 0],
  ["model=fal-ai%2Fflux%2Fdev", 2],
  ["provider=replicate", 0],
  ["status=pending", 6],
  ["status=completed", 0],
  ["createdAfter=2026-01-05T09:00:03Z", 2],
  ["search=harbour&model=fal-ai%2Fflux%2Fschnell", 2],
])("GET /v1/products: %s, those alone", async (query, count) => {
  expect((await list(query)).data).toHaveLength(count);
});

test("GET /v1/products: a product, with where it comes from and where it is", async () => {
  const [product] = (await list("limit=1")).data;

  expect(product).toMatchObject({
    provider: "fal",
    model: "fal-ai/flux/dev",
    seed: 7,
    orderStatus: "pending",
    workerId: null,
    providerRequestId: null,
    durationMs: null,
    urls: { thumbnail: `/v1/products/${product?.id}/thumbnail` },
  });
  expect((await api.app.inject(`/v1/products/${product?.id}`)).json()).toEqual(product);
});

test("GET /v1/products: a cursor of nobody, 400 that says which", async () => {
  const response = await api.app.inject("/v1/products?cursor=nonsense");

  expect(response.statusCode).toBe(400);
  expect(response.json().detail).toContain("cursor");
});
