import { ConfigError } from "@tirage/service-kit";
import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

const needed = {
  DATABASE_URL: "postgres://tirage@localhost/tirage",
  NATS_URL: "nats://localhost:4222",
  BLOB_URL: "file:///var/lib/tirage/blobs",
};
const hash = "ab".repeat(32);

function complaintOf(environment: Record<string, string>): string {
  try {
    readConfig({ ...needed, ...environment });
    return "";
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

test("environment: only what is needed, local defaults without keys", () => {
  expect(readConfig(needed)).toMatchObject({ HOST: "127.0.0.1", PORT: 8080, AUTH: "none", QUEUE_LIMIT: 1_000_000 });
});

test("environment: no keys and a host that others reach, refused saying why", () => {
  expect(complaintOf({ HOST: "0.0.0.0" })).toMatch(/^AUTH: .*0\.0\.0\.0/);
  expect(complaintOf({ HOST: "::1" })).toBe("");
});

test("environment: keys on any host, accepted; without any key, refused", () => {
  expect(complaintOf({ HOST: "0.0.0.0", AUTH: "api-key", API_KEYS: `red:${hash}` })).toBe("");
  expect(complaintOf({ AUTH: "api-key" })).toMatch(/^API_KEYS: /);
});

test.each([
  ["BLOB_URL", "/var/lib/blobs"],
  ["AUTH", "password"],
  ["API_KEYS", "red:secret"],
  ["RATE_LIMIT_PER_MINUTE", "-1"],
  ["QUEUE_LIMIT", "0"],
  ["TRACE_URL_TEMPLATE", "https://jaeger.example/trace"],
  ["TRACE_URL_TEMPLATE", "javascript:alert({traceId})"],
  ["TRACE_URL_TEMPLATE", "{traceId}"],
])("environment: %s=%s, one line that names it", (name, value) => {
  expect(complaintOf({ [name]: value })).toMatch(new RegExp(`^${name}: expected`));
  expect(complaintOf({ [name]: value })).not.toContain("secret");
});
