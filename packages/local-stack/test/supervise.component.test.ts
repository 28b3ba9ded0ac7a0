import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { findFreePort } from "../src/infrastructure/index.ts";
import { killGuarded } from "../src/infrastructure/process-guard.ts";
import { isAlive } from "../src/infrastructure/process-table.ts";
import { StackError } from "../src/stack-error.ts";
import { startNodeProcess } from "../src/start-node-process.ts";
import { supervise } from "../src/supervise.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));

async function superviseFixture(
  folder: string,
  environment: Record<string, string> = {},
  { stopGraceMs = 1_000 }: { stopGraceMs?: number } = {},
) {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const reports: string[] = [];
  const logFile = join(folder, "service.log");
  const definition = {
    name: "service",
    folder: fixtures,
    parameters: ["fragile-service.ts"],
    environment: { PORT: String(port), ...environment },
    readyUrl: `${url}/readyz`,
    logFile,
    stopGraceMs,
  };
  const service = supervise({
    name: "service",
    start: (signal) => startNodeProcess(definition, signal),
    report: (line) => reports.push(line),
  });
  return { service, url, reports, logFile, [Symbol.asyncDispose]: () => service.stop() };
}

test("supervise: the process crashes twice, it comes back each time after a longer pause and both are said", async () => {
  await using folder = await createTemporaryFolder();
  await using fixture = await superviseFixture(folder.path);
  const { service, url, reports, logFile } = fixture;
  await service.start();

  for (const restarts of [1, 2]) {
    await fetch(`${url}/crash`).catch(() => {});
    await eventually(() => service.restarts === restarts);
    expect((await fetch(url)).status).toBe(200);
  }

  expect(reports).toEqual([
    `service ended (exit code 3): it is started again in 0.25 s; log: ${logFile}`,
    expect.stringMatching(/^service is back \(process \d+\)$/),
    `service ended (exit code 3): it is started again in 0.5 s; log: ${logFile}`,
    expect.stringMatching(/^service is back \(process \d+\)$/),
  ]);
});

test("supervise: stopped, the process gets SIGTERM, is gone and does not come back", async () => {
  await using folder = await createTemporaryFolder();
  await using fixture = await superviseFixture(folder.path);
  const { service, reports, logFile } = fixture;
  await service.start();
  const pid = service.pid ?? 0;

  await service.stop();

  expect(isAlive(pid)).toBe(false);
  expect(service.pid).toBeUndefined();
  expect(await readFile(logFile, "utf8")).toContain("the service stops");
  expect(reports).toEqual([]);
});

test("supervise: a process that ignores SIGTERM is stopped, it is killed after its grace", async () => {
  await using folder = await createTemporaryFolder();
  await using fixture = await superviseFixture(folder.path, { IGNORE_TERM: "1" });
  await fixture.service.start();
  const pid = fixture.service.pid ?? 0;

  await fixture.service.stop();

  expect(isAlive(pid)).toBe(false);
});

test("killGuarded: a process takes its time to stop, it is gone at once", async () => {
  await using folder = await createTemporaryFolder();
  await using fixture = await superviseFixture(folder.path, { IGNORE_TERM: "1" }, { stopGraceMs: 50_000 });
  await fixture.service.start();
  const pid = fixture.service.pid ?? 0;
  const stopped = fixture.service.stop();

  killGuarded();

  await stopped;
  expect(isAlive(pid)).toBe(false);
});

test("supervise: stopped during the pause before a restart, it stays down", async () => {
  await using folder = await createTemporaryFolder();
  await using fixture = await superviseFixture(folder.path);
  const { service, reports, logFile } = fixture;
  await service.start();
  service.kill("SIGKILL");
  await eventually(() => reports.length === 1);

  await service.stop();

  expect(reports).toEqual([`service ended (signal SIGKILL): it is started again in 0.25 s; log: ${logFile}`]);
  expect(service.pid).toBeUndefined();
  expect(service.restarts).toBe(0);
});

test("supervise: stopped and started again, another process is ready on the same address", async () => {
  await using folder = await createTemporaryFolder();
  await using fixture = await superviseFixture(folder.path);
  const { service, url } = fixture;
  await service.start();
  const pid = service.pid;

  await service.restart();

  expect(service.pid).not.toBe(pid);
  expect((await fetch(url)).status).toBe(200);
});

test("supervise: a process that refuses its configuration, start fails at once with its own words", async () => {
  await using folder = await createTemporaryFolder();
  await using fixture = await superviseFixture(folder.path, { EXIT_CODE: "78" });

  const start = fixture.service.start();

  await expect(start).rejects.toThrow(StackError);
  await expect(start).rejects.toThrow("service refuses its configuration: PORT: must be a number");
});

test("supervise: a process that never gets ready because it dies, start fails with the last lines it logged", async () => {
  await using folder = await createTemporaryFolder();
  await using fixture = await superviseFixture(folder.path, { EXIT_CODE: "1" });

  await expect(fixture.service.start()).rejects.toThrow(/service ended while starting \(exit code 1\).*\nPORT: must/s);
});
