import { createLogger } from "@tirage/service-kit";
import { expect, test } from "vitest";
import { createProviders } from "./create-providers.ts";

const options = {
  enabled: ["fal", "replicate"],
  fal: { key: "key", baseUrl: undefined },
  replicate: { token: "token", baseUrl: undefined },
  publicUrl: undefined,
  logger: createLogger({ service: "test", instanceId: "test", level: "silent" }),
};

test("createProviders: both enabled, both by name with their own output hosts only", () => {
  const providers = createProviders(options);

  expect([...providers.keys()]).toEqual(["fal", "replicate"]);
  expect(providers.get("fal")?.outputOrigins).toEqual(["https://fal.media", "https://*.fal.media"]);
  expect(providers.get("replicate")?.outputOrigins).toEqual([
    "https://replicate.delivery",
    "https://*.replicate.delivery",
  ]);
});

test("createProviders: base addresses set, outputs may come from their origins", () => {
  const providers = createProviders({
    ...options,
    fal: { key: "key", baseUrl: "http://127.0.0.1:18000/fal" },
    replicate: { token: "token", baseUrl: "http://127.0.0.1:18000/v1" },
  });

  expect(providers.get("fal")?.outputOrigins).toEqual(["http://127.0.0.1:18000"]);
  expect(providers.get("replicate")?.outputOrigins).toContain("http://127.0.0.1:18000");
});

test("createProviders: the unbilled provider enabled too, left to its own factory", () => {
  expect([...createProviders({ ...options, enabled: ["null", "fal"] }).keys()]).toEqual(["fal"]);
});

test.each([
  ["a provider without adapter", { ...options, enabled: ["dalle"] }, /no provider dalle/],
  ["fal without key", { ...options, fal: { key: undefined, baseUrl: undefined } }, /FAL_KEY/],
  ["replicate without token", { ...options, replicate: { token: "", baseUrl: undefined } }, /REPLICATE_API_TOKEN/],
])("createProviders: %s, refused at once", (_case, bad, sentence) => {
  expect(() => createProviders(bad)).toThrow(sentence);
});
