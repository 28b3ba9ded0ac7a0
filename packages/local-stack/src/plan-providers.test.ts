import { expect, test } from "vitest";
import { formatCallbackVariables, formatProviderVariables, planProviders } from "./plan-providers.ts";
import { StackError } from "./stack-error.ts";

const sandboxUrl = "http://127.0.0.1:8090";

test("planProviders: no key in the environment, both providers go to the sandbox", () => {
  const plan = planProviders("auto", {});

  expect(plan).toEqual({
    enabled: ["fal", "replicate"],
    targets: { fal: "sandbox", replicate: "sandbox" },
    needsSandbox: true,
  });
  expect(formatProviderVariables(plan, {}, sandboxUrl)).toEqual({
    PROVIDERS: "fal,replicate",
    FAL_KEY: "sandbox",
    FAL_BASE_URL: "http://127.0.0.1:8090",
    REPLICATE_API_TOKEN: "sandbox",
    REPLICATE_BASE_URL: "http://127.0.0.1:8090/v1",
  });
});

test("planProviders: one key in the environment, that provider is real and the other in the sandbox", () => {
  const environment = { FAL_KEY: "key" };
  const plan = planProviders("auto", environment);

  expect(plan.targets).toEqual({ fal: "real", replicate: "sandbox" });
  const variables = formatProviderVariables(plan, environment, sandboxUrl);
  expect(variables).toMatchObject({ FAL_KEY: "key", REPLICATE_API_TOKEN: "sandbox" });
  expect(variables.FAL_BASE_URL).toBeUndefined();
});

test("planProviders: sandbox asked for beside a real key, the key does not reach the sandbox", () => {
  const environment = { FAL_KEY: "key", REPLICATE_API_TOKEN: "token" };
  const plan = planProviders("sandbox", environment);

  expect(JSON.stringify(formatProviderVariables(plan, environment, sandboxUrl))).not.toMatch(/"(key|token)"/);
});

test("planProviders: real asked for, a provider without a key is not enabled", () => {
  expect(planProviders("real", { REPLICATE_API_TOKEN: "token" })).toEqual({
    enabled: ["replicate"],
    targets: { replicate: "real" },
    needsSandbox: false,
  });
});

test("planProviders: real asked for without any key, refused with what is missing", () => {
  expect(() => planProviders("real", {})).toThrow(StackError);
  expect(() => planProviders("real", {})).toThrow(/FAL_KEY or REPLICATE_API_TOKEN/);
});

const callbacks = { apiUrl: "http://127.0.0.1:8080", replicateSecret: "whsec_a" };

test("formatCallbackVariables: everything in the sandbox, it calls back to the API", () => {
  expect(formatCallbackVariables(planProviders("auto", {}), {}, callbacks)).toEqual({
    PUBLIC_URL: "http://127.0.0.1:8080",
    REPLICATE_WEBHOOK_SECRET: "whsec_a",
  });
});

test.each([
  { circumstance: "one provider is real", environment: { FAL_KEY: "key" } },
  { circumstance: "a public address is given", environment: { PUBLIC_URL: "https://tirage.example" } },
])("formatCallbackVariables: $circumstance, nothing is set", ({ environment }) => {
  expect(formatCallbackVariables(planProviders("auto", environment), environment, callbacks)).toEqual({});
});

test("planProviders: a base URL in the environment, it is used whatever was asked for", () => {
  const environment = { FAL_BASE_URL: "http://127.0.0.1:9", PROVIDERS: "fal,null" };
  const plan = planProviders("sandbox", environment);

  expect(plan).toEqual({ enabled: ["fal", "null"], targets: { fal: "given" }, needsSandbox: false });
  expect(formatProviderVariables(plan, environment, undefined)).toMatchObject({
    PROVIDERS: "fal,null",
    FAL_KEY: "sandbox",
    FAL_BASE_URL: "http://127.0.0.1:9",
  });
});
