/** What is asked while the broker stands still: its connections are open, and nothing answers. */
import { workConsumer } from "@tirage/contracts";
import { applyTopology, readHold } from "@tirage/messaging";
import { eventually } from "@tirage/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi } from "./start-order-api.ts";

const consumer = workConsumer("fal", 10);
let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
  await applyTopology(api.broker, [consumer]);
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.nats.pause());
afterEach(() => api.nats.resume());

/** What the broker is asked for is waited for 5 s. */
const timeoutMs = 20_000;

test.each([
  { method: "GET", url: "/v1/workers" },
  { method: "GET", url: "/v1/queues" },
  { method: "POST", url: "/v1/queues/fal/resume" },
] as const)(
  "fault 23: $method $url: the broker stands still, 503 with Retry-After",
  async (request) => {
    const response = await api.app.inject(request);
    expect(response.statusCode, response.body).toBe(503);
    expect(response.json().type).toBe("/problems/unavailable");
    expect(response.headers["retry-after"]).toBe("5");
  },
  timeoutMs,
);

test(
  "fault 23: POST /v1/quotes: the broker stands still, 200 without knowing how long it takes",
  async () => {
    const order = { provider: "fal", model: "fal-ai/flux/schnell", prompt: "a lighthouse", quantity: 3 };
    const response = await api.post("/v1/quotes", order);
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()).toMatchObject({ totalProducts: 3, estimatedTime: { durationMs: null, slots: null } });
  },
  timeoutMs,
);

test(
  "fault 23: POST /v1/queues/{provider}/pause: the broker stands still, 200, and the queue is held once it goes on",
  async () => {
    const response = await api.app.inject({ method: "POST", url: "/v1/queues/fal/pause" });
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()).toEqual({ provider: "fal", pausedAt: expect.stringContaining("T") });
    await api.nats.resume();
    await eventually(async () => (await readHold(api.broker, consumer)) !== undefined, { timeoutMs });
  },
  2 * timeoutMs,
);
