import { ConfigError } from "@tirage/service-kit";
import { expect, test } from "vitest";
import { readConfig, sandboxedProviders } from "./config.ts";

const required = {
  NATS_URL: "nats://127.0.0.1:4222",
  DATABASE_URL: "postgres://tirage@127.0.0.1/tirage",
  BLOB_URL: "file:///var/lib/tirage/blobs",
};
const linesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig({ ...required, ...environment });
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.lines : [String(error)];
  }
};

test("readConfig: with a key for each enabled provider, has the defaults of the rest", () => {
  const config = readConfig({ ...required, FAL_KEY: "key", REPLICATE_API_TOKEN: "token" });

  expect(config).toMatchObject({ PORT: 8082, PROVIDERS: ["fal", "replicate"], WORKER_CONCURRENCY: 64 });
  expect(config).toMatchObject({ LEASE_MS: 30_000, UNKNOWN_GRACE_MS: 120_000, SHUTDOWN_GRACE_MS: 15_000 });
});

test.each([
  ["the sandbox's", { FAL_KEY: "sandbox", FAL_BASE_URL: "http://127.0.0.1:8090" }, ["fal"]],
  ["the sandbox's key at fal itself", { FAL_KEY: "sandbox" }, []],
  ["a key at another address", { FAL_KEY: "key", FAL_BASE_URL: "http://127.0.0.1:8090" }, []],
  [
    "the sandbox's, of a provider that is not enabled",
    { FAL_KEY: "key", REPLICATE_API_TOKEN: "sandbox", REPLICATE_BASE_URL: "http://127.0.0.1:8090/v1" },
    [],
  ],
])("sandboxedProviders: %s", (_, environment, expected) => {
  expect(sandboxedProviders(readConfig({ ...required, PROVIDERS: "fal", ...environment }))).toEqual(expected);
});

test("readConfig: for an enabled provider without its key, says which variable is missing and why", () => {
  expect(linesOf({ FAL_KEY: "key" })).toEqual([
    "REPLICATE_API_TOKEN: expected a key, since PROVIDERS enables replicate, got nothing",
  ]);
});

test("readConfig: for a grace that a lease may outlive, says how long it must be", () => {
  const keys = { FAL_KEY: "key", REPLICATE_API_TOKEN: "token" };
  expect(linesOf({ ...keys, UNKNOWN_GRACE_MS: "39999" })).toEqual([
    'UNKNOWN_GRACE_MS: expected at least LEASE_MS + 10000, which is 40000, got "39999"',
  ]);
  expect(linesOf({ ...keys, UNKNOWN_GRACE_MS: "40000" })).toEqual([]);
});

test("readConfig: for the unbilled provider alone, asks for no key", () => {
  expect(linesOf({ PROVIDERS: "null" })).toEqual([]);
});

test("readConfig: for a provider there is no adapter for, says which there are", () => {
  expect(linesOf({ PROVIDERS: "null,openai" })).toEqual([
    'PROVIDERS: expected names among fal, replicate and null, got "null,openai"',
  ]);
});

test("readConfig: for a lease that a submit would outlive, refuses", () => {
  expect(linesOf({ PROVIDERS: "null", LEASE_MS: "10000" })).toEqual([
    'LEASE_MS: expected a number from 12000 to 600000, got "10000"',
  ]);
});
