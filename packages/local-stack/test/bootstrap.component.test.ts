import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { isAlive } from "../src/infrastructure/process-table.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const scripts = fileURLToPath(new URL("../../../scripts", import.meta.url));

/** A task that tells its process id and notes the signal that ends it. */
const longTask = `
import { writeFileSync } from "node:fs";
writeFileSync("started", String(process.pid));
for (const name of ["SIGTERM", "SIGINT"]) process.on(name, () => { writeFileSync("ended-by", name); process.exit(0); });
setInterval(() => {}, 60_000);
`;
const installingPnpm = 'mkdir -p node_modules && touch node_modules/.modules.yaml && echo "$@" >> pnpm-calls';

/** A repository as small as the bootstrap lets it be, with a pnpm of the test's own on PATH. */
async function createRepository(folder: string, { task = longTask, pnpm = installingPnpm } = {}) {
  const files: Record<string, string> = {
    "package.json": JSON.stringify({ type: "module", scripts: { start: "node scripts/bootstrap.mjs start" } }),
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    "packages/database/src/generate.ts": "",
    "apps/console/build.ts": "",
    "packages/local-stack/src/main.ts": task,
    "programs/pnpm": `#!/bin/sh\nif [ "$1" = --version ]; then echo 12.0.0; exit 0; fi\n${pnpm}\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await chmod(join(folder, "programs/pnpm"), 0o755);
  await mkdir(join(folder, "scripts"));
  for (const name of ["bootstrap.mjs", "run-task.mjs"]) {
    await copyFile(join(scripts, name), join(folder, "scripts", name));
  }
  const run = (program: string, parameters: string[], environment: Record<string, string> = {}) =>
    spawn(program, parameters, {
      cwd: folder,
      env: { ...process.env, ...environment, PATH: `${join(folder, "programs")}:${process.env.PATH}` },
      stdio: ["ignore", "pipe", "pipe"],
    });
  return {
    npmStart: () => run("npm", ["start"]),
    bootstrap: (...parameters: string[]) => run(process.execPath, ["scripts/bootstrap.mjs", ...parameters]),
    bootstrapWith: (environment: Record<string, string>, ...parameters: string[]) =>
      run(process.execPath, ["scripts/bootstrap.mjs", ...parameters], environment),
    read: (path: string) => readFile(join(folder, path), "utf8"),
  };
}

async function outcome(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

test("bootstrap: npm is ended by SIGTERM, the task is ended too and nothing is left", async () => {
  await using folder = await createTemporaryFolder();
  const repository = await createRepository(folder.path);
  const npm = repository.npmStart();
  const taskPid = Number(await eventually(() => repository.read("started"), { timeoutMs: 30_000 }));

  npm.kill("SIGTERM");

  expect(await eventually(() => repository.read("ended-by"))).toBe("SIGTERM");
  await eventually(() => !isAlive(taskPid));
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "bootstrap: %s, the task gets it and its exit code is passed on",
  async (signal) => {
    await using folder = await createTemporaryFolder();
    const repository = await createRepository(folder.path);
    const child = repository.bootstrap("start");
    const ended = outcome(child);
    await eventually(() => repository.read("started"), { timeoutMs: 30_000 });

    child.kill(signal);

    expect((await ended).code).toBe(0);
    expect(await repository.read("ended-by")).toBe(signal);
  },
);

test("bootstrap: the task fails, its exit code is the bootstrap's", async () => {
  await using folder = await createTemporaryFolder();
  const repository = await createRepository(folder.path, { task: "process.exitCode = 7" });

  expect(await outcome(repository.bootstrap("start"))).toMatchObject({ code: 7 });
});

test("bootstrap: parameters after the task, the task gets them as they are", async () => {
  await using folder = await createTemporaryFolder();
  const repository = await createRepository(folder.path, {
    task: "console.log(JSON.stringify(process.argv.slice(2)))",
  });

  const { output } = await outcome(repository.bootstrap("start", "--port", "90 90", "--help"));

  expect(output).toContain('["--port","90 90","--help"]');
});

test("bootstrap: installed and nothing changed, it does not install again; a changed lockfile, it does", async () => {
  await using folder = await createTemporaryFolder();
  const repository = await createRepository(folder.path, { task: "" });
  const countInstalls = async () => (await repository.read("pnpm-calls")).trim().split("\n").length;

  await outcome(repository.bootstrap("start"));
  await outcome(repository.bootstrap("start"));
  expect(await countInstalls()).toBe(1);

  await writeFile(join(folder.path, "pnpm-lock.yaml"), "lockfileVersion: '9.0'\n\nsettings: {}\n");
  await outcome(repository.bootstrap("start"));
  expect(await countInstalls()).toBe(2);
});

test.each([
  [
    "echo ' WARN  GET https://registry.npmjs.org/zod error (ENOTFOUND)'; exit 1",
    /registry cannot be reached \([A-Z_]+\)/,
  ],
  ["echo 'Failed to write cafs: No space left on device (os error 28)'; exit 1", /no space is left on the disk/],
  ["echo '[ERR_PNPM_OUTDATED_LOCKFILE] Cannot install'; exit 1", /pnpm-lock.yaml does not match/],
  [
    "echo '[ERR_PNPM_IGNORED_BUILDS] Ignored build scripts: foo'; exit 1",
    /could not be installed: .*ERR_PNPM_IGNORED_BUILDS/,
  ],
])("bootstrap: the install fails (%s), one readable line and exit code 1", async (pnpm, message) => {
  await using folder = await createTemporaryFolder();
  const repository = await createRepository(folder.path, { pnpm });

  const { code, output } = await outcome(repository.bootstrap("start"));

  expect(code).toBe(1);
  const lines = output.trim().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe("tirage: installing dependencies from the lockfile");
  expect(lines[1]).toMatch(message);
});

test("bootstrap: the registry is away, it installs what pnpm's store has; when that is not all, one line says why", async () => {
  await using folder = await createTemporaryFolder();
  const pnpm = `${installingPnpm}\ncase "$*" in *--offline*) echo ERR_PNPM_NO_OFFLINE_TARBALL; exit 1;; esac`;
  const away = { npm_config_registry: "http://127.0.0.1:9/" };

  const whole = await createRepository(join(folder.path, "whole"), { task: "console.log('runs')" });
  expect((await outcome(whole.bootstrapWith(away, "start"))).output).toMatch(/runs\n$/);
  expect(await whole.read("pnpm-calls")).toContain("--offline");

  const missing = await createRepository(join(folder.path, "missing"), { pnpm });
  const { code, output } = await outcome(missing.bootstrapWith(away, "start"));
  expect(code).toBe(1);
  expect(output).toMatch(/\ntirage: the dependencies [^\n]*registry cannot be reached \(ECONNREFUSED\)\n$/);
});

test("bootstrap: --help, every task is named; no such task, the same with exit code 2", async () => {
  await using folder = await createTemporaryFolder();
  const repository = await createRepository(folder.path);

  const help = await outcome(repository.bootstrap("--help"));
  const unknown = await outcome(repository.bootstrap("launch"));

  expect(help).toMatchObject({ code: 0, output: expect.stringMatching(/npm start.*npm test.*npm run check/s) });
  expect(unknown).toEqual({ code: 2, output: help.output });
});
