/** What is asked in ways that the API does not speak. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectProblem } from "./expect-problem.ts";
import { startOrderApi, type TestOrderApi } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
afterAll(() => api[Symbol.asyncDispose]());

for (const [method, url, allowed] of [
  ["DELETE", "/v1/orders", ["GET", "HEAD", "POST"]],
  ["OPTIONS", "/v1/orders/batch", ["POST"]],
  ["TRACE", "/v1/models", ["GET", "HEAD"]],
  ["POST", "/openapi.json", ["GET", "HEAD"]],
] as const) {
  test(`${method} ${url}: a method that the address lacks, 405 with those it has`, async () => {
    const response = await api.app.inject({ method: method as "DELETE", url });

    expectProblem(response, 405, "method-not-allowed");
    expect(String(response.headers.allow).split(", ").sort()).toEqual(allowed);
  });
}

test.each([
  ["/v1/orders/0192c0de-0000-7000-8000-000000000000/events", "GET"],
  ["/v1/orders/0192c0de-0000-7000-8000-000000000000/archive", "GET"],
  ["/v1/events", "GET"],
  ["/v1/quotes", "POST"],
])("HEAD %s: an address without it, 405 with what it has and no body", async (url, allowed) => {
  const response = await api.app.inject({ method: "HEAD", url });

  expect(response.statusCode).toBe(405);
  expect(response.headers.allow).toBe(allowed);
  expect(response.body).toBe("");
});

/** What is answered to text written straight to a connection, which the text closes. */
async function exchange(text: string): Promise<string> {
  const [address] = api.app.addresses();
  const socket = connect(typeof address === "object" ? address.port : 0, "127.0.0.1");
  let received = "";
  socket.on("data", (data) => {
    received += data;
  });
  socket.write(text);
  await once(socket, "close");
  return received;
}

test("GET /v1/models: an Expect that nobody knows, answered as without it", async () => {
  const received = await exchange("GET /v1/models HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nConnection: close\r\n\r\n");

  expect(received).toMatch(/^HTTP\/1\.1 200 /);
});

test("a connection that does not speak HTTP, 400 as a problem too", async () => {
  const received = await exchange("nonsense\r\n\r\n");

  expect(received).toMatch(/^HTTP\/1\.1 400 /);
  expect(received).toContain("application/problem+json");
});
