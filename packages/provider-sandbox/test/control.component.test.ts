import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultNames } from "../src/faults/catalogue.ts";
import { createProviderSandbox, type ProviderSandbox } from "../src/index.ts";
import { localFetch } from "./clients.ts";
import { createWorld } from "./provider-world.ts";

const main = new URL("../src/main.ts", import.meta.url).pathname;

describe("POST /__control", () => {
  let sandbox: ProviderSandbox;
  beforeAll(async () => {
    sandbox = await createProviderSandbox({ latencyMs: 0 });
  });
  afterAll(() => sandbox.close());
  const post = (body: unknown) =>
    localFetch(`${sandbox.url}/__control`, { method: "POST", body: JSON.stringify(body) });

  test("rules that make no sense: 400 that says where and why, and the rules in force stay", async () => {
    await post({ rules: [{ fault: "slow" }] });
    const response = await post({
      rules: [
        { fault: "bogus" },
        { fault: "requeue", provider: "replicate", status: 500 },
        { fault: "rate_limited", inputSeed: 7 },
      ],
      latency: 1,
    });
    expect(response.status).toBe(400);
    expect((await response.json()).problems).toEqual([
      { path: "rules.0.fault", message: "no such fault; GET /__control and the README list them" },
      { path: "rules.1.provider", message: "requeue exists for fal only" },
      { path: "rules.1.status", message: "requeue has no such setting; its settings: count" },
      {
        path: "rules.2.inputSeed",
        message: "rate_limited is decided without the input; only faults of a job's course know it",
      },
      { path: "", message: 'Unrecognized key: "latency"' },
    ]);
    const { rules } = await (await localFetch(`${sandbox.url}/__control`)).json();
    expect(rules).toEqual([{ fault: "slow", occasions: 0, strikes: 0, struckAt: [] }]);
  });

  test("a rule with a probability: the same seed strikes the same calls, another seed others", async () => {
    const world = createWorld(sandbox, "fal");
    const strikes = async (seed: number) => {
      await world.dial({ fault: "rate_limited", probability: 0.5, seed });
      const statuses: unknown[] = [];
      for (let call = 0; call < 40; call += 1) statuses.push((await world.submit()).status);
      return statuses;
    };
    const first = await strikes(1);
    expect(await strikes(1)).toEqual(first);
    expect(await strikes(2)).not.toEqual(first);
    const struck = first.filter((status) => status === 429).length;
    expect(struck).toBeGreaterThan(8);
    expect(struck).toBeLessThan(32);
  });

  test("a rule for one model: other models and the other provider pass", async () => {
    const world = createWorld(sandbox, "fal");
    await world.dial({ fault: "rate_limited", model: "fal-ai/flux/schnell", every: 2 });
    const statuses = [await world.submit(), await world.submit(), await world.submit()].map(({ status }) => status);
    expect(statuses).toEqual([200, 429, 200]);
    expect((await createWorld(sandbox, "replicate").submit()).status).toBe(201);
  });

  test("DELETE: no rules, the settings of the start", async () => {
    await post({ latencyMs: 999, concurrency: { fal: 1 }, rules: [{ fault: "slow" }] });
    const reset = await (await localFetch(`${sandbox.url}/__control`, { method: "DELETE" })).json();
    expect(reset).toMatchObject({ rules: [], settings: { latencyMs: 0, concurrency: { fal: 500, replicate: 500 } } });
  });

  test("the README: every fault of the catalogue is in it", async () => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    expect(faultNames.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("main.ts", () => {
  const start = (environment: Record<string, string>) =>
    spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });

  test("a port of 0: ready in one log line, healthy, and SIGTERM ends it with 0", async () => {
    const child = start({ PORT: "0", SANDBOX_LATENCY_MS: "5" });
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const { url, msg } = JSON.parse(line);
    expect(msg).toBe("provider sandbox is ready");
    expect(await (await localFetch(`${url}/healthz`)).json()).toEqual({ status: "ok" });
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
  });

  test.each([
    [{ PORT: "eighty" }, /^provider-sandbox: PORT: must be a whole number \(it is "eighty"\)\n$/],
    [{ SANDBOX_CONCURRENCY: "many" }, /^provider-sandbox: SANDBOX_CONCURRENCY: must look like .*\n$/],
    [{ SANDBOX_RULES: '[{"fault":"x"}]' }, /^provider-sandbox: SANDBOX_RULES at 0\.fault: no such fault.*\n$/],
  ])("a bad variable %j: one line that names it, exit code 78", async (environment, expected) => {
    const child = start(environment);
    const chunks: Buffer[] = [];
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    const [code] = await once(child, "close");
    expect(code).toBe(78);
    expect(Buffer.concat(chunks).toString()).toMatch(expected);
  });
});
