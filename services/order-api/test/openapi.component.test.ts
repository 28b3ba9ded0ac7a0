import { afterAll, beforeAll, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const routes = {
  "/healthz": ["get"],
  "/livez": ["get"],
  "/metrics": ["get"],
  "/openapi.json": ["get"],
  "/problems/{type}": ["get"],
  "/readyz": ["get"],
  "/v1/dead-letters": ["delete", "get"],
  "/v1/dead-letters/replay": ["post"],
  "/v1/dead-letters/{id}": ["delete", "get"],
  "/v1/dead-letters/{id}/replay": ["post"],
  "/v1/events": ["get"],
  "/v1/health": ["get"],
  "/v1/models": ["get"],
  "/v1/orders": ["get", "post"],
  "/v1/orders/batch": ["post"],
  "/v1/orders/{id}": ["delete", "get"],
  "/v1/orders/{id}/archive": ["get"],
  "/v1/orders/{id}/events": ["get"],
  "/v1/orders/{id}/items": ["get"],
  "/v1/orders/{id}/ledger": ["get"],
  "/v1/orders/{id}/products": ["get"],
  "/v1/orders/{id}/cancel": ["post"],
  "/v1/orders/{id}/retry": ["post"],
  "/v1/products": ["get"],
  "/v1/products/{id}": ["get"],
  "/v1/products/{id}/content": ["get"],
  "/v1/products/{id}/thumbnail": ["get"],
  "/v1/queues": ["get"],
  "/v1/queues/{provider}/pause": ["post"],
  "/v1/queues/{provider}/resume": ["post"],
  "/v1/quotes": ["post"],
  "/v1/session": ["delete", "post"],
  "/v1/workers": ["get"],
  "/v1/workers/{id}/drain": ["post"],
  "/v1/workers/{id}/resume": ["post"],
};

test("GET /openapi.json: asked, OpenAPI 3.1 with every route", async () => {
  const document = (await api.app.inject("/openapi.json")).json();

  expect(document.openapi).toMatch(/^3\.1\./);
  const listed = Object.entries<object>(document.paths).map(([path, methods]) => [path, Object.keys(methods).sort()]);
  expect(Object.fromEntries(listed)).toEqual(routes);
});

test("GET /openapi.json: every reference in it, leads to a schema", async () => {
  const document = (await api.app.inject("/openapi.json")).json();

  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(10);
  for (const [, name] of references) expect(document.components.schemas).toHaveProperty(String(name));
});

test("GET /openapi.json: what orders take and answer, described from the contracts' schemas", async () => {
  const { paths, components } = (await api.app.inject("/openapi.json")).json();

  const { post } = paths["/v1/orders"];
  expect(post.requestBody.content["application/json"].schema.$ref).toContain("OrderRequest");
  expect(post.responses["201"].content["application/json"].schema.$ref).toContain("Order");
  expect(post.responses.default.content["application/problem+json"].schema.$ref).toContain("Problem");
  expect(components.schemas.OrderRequest.properties.prompt.maxLength).toBe(10_000);
});
