import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedProduct } from "./seed-product.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");
const red = { authorization: "Bearer red-key" };
const blue = { authorization: "Bearer blue-key" };

let api: TestOrderApi;
beforeAll(async () => {
  const keys = `red:${hashOf("red-key")},red:${hashOf("second-red-key")},blue:${hashOf("blue-key")}`;
  api = await startOrderApi({ AUTH: "api-key", API_KEYS: keys, HOST: "0.0.0.0" });
});
afterAll(() => api[Symbol.asyncDispose]());

test("POST /v1/orders: no key or a wrong one, 401 with WWW-Authenticate and nothing written", async () => {
  const wrong: Record<string, string>[] = [
    {},
    { authorization: "Bearer green-key" },
    { authorization: "Basic cmVkOmtleQ==" },
  ];
  for (const headers of wrong) {
    const response = await api.post("/v1/orders", tenImages, headers);
    expect(response.statusCode).toBe(401);
    expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(response.headers["www-authenticate"]).toContain("Bearer");
    expect(response.json()).toMatchObject({ type: "/problems/authentication", status: 401 });
  }
  expect(await api.countRows()).toEqual({ orders: 0, items: 0, outbox: 0, keys: 0 });
  expect(await api.subjects()).toEqual([]);
});

test("GET /healthz, /livez, /readyz, /metrics, /openapi.json, /docs, /problems: no key, they are open", async () => {
  for (const url of ["/healthz", "/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/problems/model"]) {
    expect((await api.app.inject(url)).statusCode, url).toBe(200);
  }
});

test("GET: another tenant's order, items, products, product and content, 404 as if they did not exist", async () => {
  const order = (await api.post("/v1/orders", tenImages, red)).json();
  const product = await seedProduct(api, order.id);
  const addresses = [
    order.urls.self,
    order.urls.items,
    order.urls.products,
    `${order.urls.self}/ledger`,
    `/v1/products/${product.id}`,
    `/v1/products/${product.id}/content`,
  ];

  for (const url of addresses) {
    expect((await api.app.inject({ url, headers: { authorization: "Bearer second-red-key" } })).statusCode, url).toBe(
      200,
    );
    const refused = await api.app.inject({ url, headers: blue });
    expect(refused.statusCode, url).toBe(404);
    expect(refused.json().type).toBe("/problems/not-found");
  }
  expect((await api.app.inject({ url: "/v1/orders", headers: blue })).json().data).toEqual([]);
});

test("POST /v1/orders: two tenants with the same Idempotency-Key, an order for each", async () => {
  const headers = { "idempotency-key": "shared" };
  const ofRed = await api.post("/v1/orders", tenImages, { ...red, ...headers });
  const ofBlue = await api.post("/v1/orders", { ...tenImages, prompt: "a harbour" }, { ...blue, ...headers });

  expect([ofRed.statusCode, ofBlue.statusCode]).toEqual([201, 201]);
  const { rows } = await api.pool.query("SELECT tenant_id, prompt FROM orders WHERE id = ANY($1) ORDER BY tenant_id", [
    [ofRed.json().id, ofBlue.json().id],
  ]);
  expect(rows).toEqual([
    { tenant_id: "blue", prompt: "a harbour" },
    { tenant_id: "red", prompt: tenImages.prompt },
  ]);
});
