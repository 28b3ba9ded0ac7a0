import { describe, expect, test } from "vitest";
import { describeErrorBody, readFailedSubmit, retryLater } from "./provider-refusal.ts";

const now = new Date("2026-11-24T06:00:00Z");
const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  ({ kind: "answered", status, headers: new Headers(headers), body }) as const;

describe("readFailedSubmit", () => {
  test.each([
    [400, "validation"],
    [401, "provider_account"],
    [402, "provider_account"],
    [403, "provider_account"],
    [404, "model_not_found"],
    [405, "provider_refused"],
    [413, "validation"],
    [422, "validation"],
  ])("HTTP %i, refused as %s", (status, code) => {
    const outcome = readFailedSubmit("fal", answer(status), now);

    expect(outcome).toMatchObject({ kind: "refused", failure: { code, providerStatus: status } });
  });

  test.each([200, 201, 301, 302, 408, 499, 500, 502, 503, 504, 529])("HTTP %i, outcome unknown", (status) => {
    expect(readFailedSubmit("fal", answer(status), now).kind).toBe("unknown");
  });

  test("HTTP 429, not accepted, with the pause asked for", () => {
    const outcome = readFailedSubmit(
      "replicate",
      answer(429, { detail: "Request was throttled." }, { "ratelimit-reset": "9" }),
      now,
    );

    expect(outcome).toEqual({ kind: "not_accepted", reason: "Request was throttled.", retryAfterMs: 9_000 });
  });

  test.each([
    ["never sent", { kind: "not_sent", reason: "refused" } as const, "not_accepted"],
    ["lost", { kind: "lost", reason: "reset" } as const, "unknown"],
  ])("request %s, what is known is said", (_case, exchange, kind) => {
    expect(readFailedSubmit("fal", exchange, now)).toMatchObject({ kind, reason: exchange.reason });
  });
});

test.each([
  ["account", answer(403), "provider_account", 30_000],
  ["throttled", answer(429, {}, { "retry-after": "3" }), "provider_throttled", 3_000],
  ["broken", answer(500), "provider_unreadable", 1_000],
  ["unreadable", answer(200, undefined), "provider_unreadable", 1_000],
  ["lost", { kind: "lost", reason: "reset" } as const, "provider_unreachable", 2_000],
])("retryLater: %s, code and pause", (_case, exchange, code, delayMs) => {
  expect(retryLater("fal", exchange, now)).toMatchObject({ code, delayMs });
});

test.each([
  ["text", { detail: "invalid key credentials" }, "invalid key credentials"],
  [
    "title and detail",
    { title: "Invalid version", detail: "It does not exist.", status: 422 },
    "Invalid version: It does not exist.",
  ],
  [
    "fields",
    { detail: [{ loc: ["body", "num_images"], msg: "too many", type: "less_than_equal" }] },
    "num_images: too many",
  ],
  ["a field without words", { detail: [{ loc: ["body", "x"], type: "missing" }] }, "x: missing"],
  ["nothing known", { message: 1 }, "HTTP 422"],
  ["no object", undefined, "HTTP 422"],
])("describeErrorBody: %s, in words", (_case, body, words) => {
  expect(describeErrorBody(body, 422)).toBe(words);
});

test("describeErrorBody: a very long detail, cut", () => {
  expect(describeErrorBody({ detail: "x".repeat(10_000) }, 422)).toHaveLength(500);
});
