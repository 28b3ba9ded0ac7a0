import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { findFreePort } from "../src/infrastructure/index.ts";
import { isAlive } from "../src/infrastructure/process-table.ts";
import { listDescendants } from "./list-descendants.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

async function startMain(folder: string) {
  const port = await findFreePort();
  const parameters = [main, "--provider", "sandbox", "--generators", "1", "--port", String(port)];
  const child = spawn(process.execPath, [...parameters, "--data-dir", join(folder, "data"), "--no-open"], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exited = once(child, "exit") as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  await eventually(() => output.includes("Tirage is ready") || child.exitCode !== null, { timeoutMs: 120_000 });
  return { child, port, exited, readOutput: () => output, descendants: await listDescendants(child.pid ?? 0) };
}

test("npm start: ready, one banner says where everything is; SIGTERM, all is stopped and the exit code is 0", async () => {
  await using folder = await createTemporaryFolder();
  const { child, port, exited, readOutput, descendants } = await startMain(folder.path);
  expect(readOutput()).toMatch(new RegExp(`API +http://localhost:${port}`));
  expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
  // Postgres, NATS, the sandbox, four services and the guard at least
  expect(descendants.length).toBeGreaterThanOrEqual(8);

  child.kill("SIGTERM");

  expect(await exited).toEqual([0, null]);
  expect(readOutput()).toMatch(/tirage: stopping \(SIGTERM\)\ntirage: stopped\n$/);
  await eventually(() => !descendants.some(isAlive));
});

test("npm start: SIGKILL, nothing it started outlives it", async () => {
  await using folder = await createTemporaryFolder();
  const { child, exited, descendants } = await startMain(folder.path);
  expect(descendants.length).toBeGreaterThanOrEqual(8);

  child.kill("SIGKILL");
  await exited;

  await eventually(() => !descendants.some(isAlive), { timeoutMs: 30_000 });
});
