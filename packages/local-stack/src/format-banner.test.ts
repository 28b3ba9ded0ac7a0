import { expect, test } from "vitest";
import { type BannerFacts, formatBanner } from "./format-banner.ts";

const facts: BannerFacts = {
  sandboxUrl: "http://127.0.0.1:8090",
  databaseSource: "embedded, 127.0.0.1:25432",
  natsSource: "2.15.1 from PATH, 127.0.0.1:24222",
  dataDirectory: "/home/ada/tirage/.tirage",
  workingDirectory: "/home/ada/tirage",
  providers: { enabled: ["fal", "replicate"], targets: { fal: "sandbox", replicate: "sandbox" }, needsSandbox: true },
  port: 8080,
  generators: 2,
  tookMs: 4_240,
};

test("formatBanner: everything in the sandbox, it names every address, the data, the time and a first order", () => {
  const banner = formatBanner(facts);

  for (const part of [
    "ready (4.2 s)",
    "Console     http://localhost:8080\n",
    "http://localhost:8080/docs",
    "http://127.0.0.1:8090/__ledger",
    "embedded, 127.0.0.1:25432",
    "2.15.1 from PATH",
    "Data        .tirage ",
    "Ctrl-C",
    "set FAL_KEY or REPLICATE_API_TOKEN",
    "curl -s -XPOST localhost:8080/v1/orders",
    '"provider":"fal","model":"fal-ai/flux/schnell"',
  ]) {
    expect(banner).toContain(part);
  }
});

test("formatBanner: one provider is real, it says that orders cost money and the example uses that provider", () => {
  const providers = { enabled: ["replicate"], targets: { replicate: "real" as const }, needsSandbox: false };
  const banner = formatBanner({ ...facts, providers, sandboxUrl: undefined });

  expect(banner).toContain("replicate: REAL, orders cost money");
  expect(banner).toContain('"provider":"replicate","model":"black-forest-labs/flux-schnell"');
  expect(banner).not.toContain("__ledger");
});
