import { createHash } from "node:crypto";
import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionSeconds } from "../src/plugins/session-token.ts";
import { seedProduct } from "./seed-product.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

const entryOf = (tenantId: string, key: string) => `${tenantId}:${createHash("sha256").update(key).digest("hex")}`;
const keyed = (...keys: string[]) => ({ AUTH: "api-key", API_KEYS: keys.join(",") });
const red = { authorization: "Bearer red-key" };

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi(keyed(entryOf("red", "red-key"), entryOf("blue", "blue-key")));
});
afterAll(() => api[Symbol.asyncDispose]());

const call = (
  method: "GET" | "POST" | "DELETE",
  url: string,
  headers: Record<string, string> = {},
  of: TestOrderApi = api,
) => of.app.inject({ method, url, headers });

/** The `Cookie` header of a browser that exchanged the key. */
async function enter(headers = red, of = api): Promise<string> {
  const response = await call("POST", "/v1/session", headers, of);
  expect(response.statusCode, response.body).toBe(204);
  return String(response.headers["set-cookie"]).split(";")[0] ?? "";
}

test("POST /v1/session: the key, 204 and a cookie that no script reads, no other site sends and that ends", async () => {
  const response = await call("POST", "/v1/session", red);

  expect(response.statusCode).toBe(204);
  expect(response.headers["cache-control"]).toBe("no-store");
  const [pair, ...flags] = String(response.headers["set-cookie"]).split("; ");
  expect(flags).toEqual(["Path=/", `Max-Age=${sessionSeconds}`, "HttpOnly", "SameSite=Strict"]);
  expect(pair).toMatch(/^tirage_session=[\w.-]+$/);
  expect(Buffer.from(String(pair?.split(".")[1]), "base64url").toString("latin1")).not.toContain("red-key");
});

test("POST /v1/session: from a page that came by https, Secure; X-Forwarded-Proto of whoever says so is not taken", async () => {
  const flagsFor = async (headers: Record<string, string>) =>
    (await call("POST", "/v1/session", { ...red, ...headers })).headers["set-cookie"];

  expect(await flagsFor({ origin: "https://tirage.example" })).toMatch(/; Secure$/);
  expect(await flagsFor({ origin: "http://localhost:8080" })).not.toContain("Secure");
  expect(await flagsFor({ "x-forwarded-proto": "https" })).not.toContain("Secure");
});

test("POST /v1/session: no key, a wrong one or only the cookie, the 401 of every call and no cookie", async () => {
  const cookie = await enter();
  const wrong: Record<string, string>[] = [{}, { authorization: "Bearer green-key" }, { cookie }];
  for (const headers of wrong) {
    const response = await call("POST", "/v1/session", headers);
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ type: "/problems/authentication", status: 401 });
    expect(response.headers["www-authenticate"]).toContain("Bearer");
    expect(response.headers["set-cookie"]).toBeUndefined();
  }
});

test("the cookie: reads orders, images, ZIP and events of its tenant, and places, cancels from the same origin", async () => {
  const cookie = await enter();
  const own = { cookie, "content-type": "application/json", "sec-fetch-site": "same-origin" };
  const placed = await api.post("/v1/orders", tenImages, own);
  expect(placed.statusCode, placed.body).toBe(201);
  const { id, urls } = placed.json();
  const product = await seedProduct(api, id);

  for (const url of [urls.self, `/v1/products/${product.id}/content`, `${urls.self}/archive`]) {
    expect((await call("GET", url, { cookie })).statusCode, url).toBe(200);
    expect((await call("GET", url, { cookie: await enter({ authorization: "Bearer blue-key" }) })).statusCode).toBe(
      404,
    );
  }
  expect(await statusOfStream(urls.events, cookie)).toBe(200);
  expect((await api.post(`${urls.self}/cancel`, "", own)).statusCode).toBe(202);
});

/** A stream of events does not end: its head is enough. */
async function statusOfStream(url: string, cookie: string): Promise<number | undefined> {
  const [address] = api.app.addresses();
  const port = typeof address === "object" ? address.port : 0;
  return new Promise((resolve, reject) => {
    const asked = request({ port, path: url, headers: { cookie }, timeout: 5_000 }, (response) => {
      resolve(response.statusCode);
      response.destroy();
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer")));
    asked.on("error", reject).end();
  });
}

test("the cookie: a change from another origin or from nowhere, 403 and nothing written; with the key it is taken", async () => {
  const cookie = await enter();
  const before = await api.countRows();
  const foreign: Record<string, string>[] = [
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "cross-site" },
    { origin: "https://evil.example" },
    { origin: "null" },
    {},
  ];
  for (const headers of foreign) {
    for (const refused of [
      await api.post("/v1/orders", tenImages, { cookie, ...headers }),
      await call("DELETE", "/v1/session", { cookie, ...headers }),
    ]) {
      expect(refused.statusCode, JSON.stringify(headers)).toBe(403);
      expect(refused.json().type).toBe("/problems/forbidden");
      expect(refused.headers["set-cookie"]).toBeUndefined();
    }
    expect((await call("GET", "/v1/orders", { cookie, ...headers })).statusCode).toBe(200);
  }
  expect(await api.countRows()).toEqual(before);
  const byKey = await api.post("/v1/orders", tenImages, { ...red, cookie, origin: "https://evil.example" });
  expect(byKey.statusCode).toBe(201);
});

test("DELETE /v1/session: the cookie is emptied, also without one and with one that is over", async () => {
  const cookie = await enter();
  const own: Record<string, string>[] = [
    { cookie, "sec-fetch-site": "same-origin" },
    { cookie: "tirage_session=1.over", origin: "http://tirage.example", host: "tirage.example" },
    {},
  ];
  for (const headers of own) {
    const response = await call("DELETE", "/v1/session", headers);
    expect(response.statusCode).toBe(204);
    expect(response.headers["set-cookie"]).toBe("tirage_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
  }
});

test("the cookie: another replica takes it, and one whose configuration has lost the key refuses it", async () => {
  const cookie = await enter();
  await using second = await startOrderApi(keyed(entryOf("blue", "blue-key"), entryOf("red", "red-key")), {
    beside: api,
  });
  await using rotated = await startOrderApi(keyed(entryOf("red", "new-key"), entryOf("blue", "blue-key")), {
    beside: api,
  });

  expect((await call("GET", "/v1/orders", { cookie }, second)).statusCode).toBe(200);
  const refused = await call("GET", "/v1/orders", { cookie }, rotated);
  expect(refused.statusCode).toBe(401);
  expect(refused.json()).toMatchObject({ type: "/problems/authentication", detail: "the session is over" });
  expect(refused.headers["www-authenticate"]).toContain("Bearer");
});

test("POST /v1/session: asked too often, also with wrong keys, 429 with Retry-After", async () => {
  await using limited = await startOrderApi(
    { ...keyed(entryOf("red", "red-key")), RATE_LIMIT_PER_MINUTE: "3" },
    { beside: api },
  );
  const guess = () => call("POST", "/v1/session", { authorization: "Bearer guess" }, limited);
  const statuses = [await guess(), await guess(), await guess(), await guess()].map(({ statusCode }) => statusCode);

  expect(statuses).toEqual([401, 401, 401, 429]);
  expect((await guess()).headers["retry-after"]).toBeDefined();
});

test("/v1/session: the installation asks for no key, there is none to make, and nothing to forget", async () => {
  await using open = await startOrderApi({}, { beside: api });
  expect((await call("POST", "/v1/session", red, open)).statusCode).toBe(404);
  expect((await call("DELETE", "/v1/session", {}, open)).statusCode).toBe(204);
});
