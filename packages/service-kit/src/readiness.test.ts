import { describe, expect, test } from "vitest";
import { createReadiness, type ServicePhase } from "./readiness.ts";

describe("readiness", () => {
  test("report: while started and all checks hold, it is ready", async () => {
    const readiness = createReadiness(() => "started");
    readiness.require("database", () => true);
    readiness.require("broker", () => Promise.resolve(true));
    expect(await readiness.report()).toEqual({ ready: true, missing: [] });
  });

  test("report: with checks that answer false, throw, reject or hang, each is missing by its name", async () => {
    const readiness = createReadiness(() => "started");
    readiness.require("broker", () => false);
    readiness.require("database", () => Promise.reject(new Error("away")));
    readiness.require("blobs", () => {
      throw new Error("away");
    });
    readiness.require("topology", () => new Promise<boolean>(() => undefined));
    readiness.require("adapters", () => true);
    expect(await readiness.report()).toEqual({ ready: false, missing: ["broker", "database", "blobs", "topology"] });
  });

  test.each<ServicePhase>(["starting", "stopping"])("report: while %s, that is what is missing", async (phase) => {
    const readiness = createReadiness(() => phase);
    readiness.require("database", () => true);
    expect(await readiness.report()).toEqual({ ready: false, missing: [phase] });
  });
});
