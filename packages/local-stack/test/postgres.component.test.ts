import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createPool } from "@tirage/database";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { findFreePort, startPostgres } from "../src/infrastructure/index.ts";
import { removeDataFolder } from "../src/infrastructure/postgres-data.ts";
import { isAlive, readCommandLine } from "../src/infrastructure/process-table.ts";
import { holdServer } from "./hold-server.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** Where a test is not about durability, it need not wait for the disk. */
const settings = { fsync: "off" };

test("startPostgres: started a second time on a folder, it has what was written before", async () => {
  await using folder = await createTemporaryFolder();
  const dataDirectory = join(folder.path, "postgres");
  const first = await startPostgres({ dataDirectory, settings });
  await ask(first.url, "CREATE TABLE kept AS SELECT 'from the first start' AS word");
  await first.stop();

  await using second = await startPostgres({ dataDirectory, settings });

  expect(await ask(second.url, "SELECT word FROM kept")).toEqual([{ word: "from the first start" }]);
  expect(isAlive(first.pid)).toBe(false);
});

test("startPostgres: with its defaults, a commit is on the disk when it is answered", async () => {
  await using folder = await createTemporaryFolder();
  await using postgres = await startPostgres({ dataDirectory: join(folder.path, "postgres") });

  const rows = await ask(
    postgres.url,
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') ORDER BY name",
  );

  expect(rows.map((row) => row.setting)).toEqual(["on", "on", "on"]);
});

test("startPostgres: a given port that is in use, the error names the port", async () => {
  await using folder = await createTemporaryFolder();
  const port = await findFreePort();
  const squatter = createServer().listen(port, "127.0.0.1");

  const start = startPostgres({ dataDirectory: join(folder.path, "postgres"), port, settings });

  await expect(start).rejects.toThrow(`port ${port} is in use`);
  squatter.close();
});

test("startPostgres: whoever started it is killed, the server ends by itself", async () => {
  await using folder = await createTemporaryFolder();
  const held = await holdServer("postgres", join(folder.path, "postgres"));
  expect(isAlive(held.serverPid)).toBe(true);

  await held.kill9();

  await eventually(() => !isAlive(held.serverPid));
});

test("startPostgres: a server of an earlier run is still there, it is stopped and that is said", async () => {
  await using folder = await createTemporaryFolder();
  const dataDirectory = join(folder.path, "postgres");
  const held = await holdServer("postgres", dataDirectory);
  const reports: string[] = [];

  await using postgres = await startPostgres({ dataDirectory, settings, report: (line) => reports.push(line) });

  expect(reports).toEqual([`Postgres of an earlier run was still there (process ${held.serverPid}): it was stopped`]);
  expect(await ask(postgres.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await held.kill9();
});

test("startPostgres: a pid file that names some other program, it starts and leaves that program alone", async () => {
  await using folder = await createTemporaryFolder();
  const dataDirectory = join(folder.path, "postgres");
  await (await startPostgres({ dataDirectory, settings })).stop();
  const stranger = spawn("sleep", ["60"]);
  await writeFile(join(dataDirectory, "postmaster.pid"), `${stranger.pid}\n${dataDirectory}\n`);

  await using postgres = await startPostgres({ dataDirectory, settings });

  expect(await ask(postgres.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  stranger.kill();
});

test("startPostgres: data of another major version, refused with the way out", async () => {
  await using folder = await createTemporaryFolder();
  const dataDirectory = join(folder.path, "postgres");
  await mkdir(dataDirectory);
  await writeFile(join(dataDirectory, "PG_VERSION"), "15\n");

  await expect(startPostgres({ dataDirectory, settings })).rejects.toThrow(
    /written by Postgres 15, this is 18: .*--reset/,
  );
});

test.runIf(process.getuid?.() === 0)(
  "startPostgres: as root on a folder that only root may enter, data and programs move where it can reach them",
  async () => {
    await using folder = await createTemporaryFolder();
    const home = join(folder.path, "private-home");
    await mkdir(home, { mode: 0o700 });
    const wanted = join(home, ".tirage", "postgres");

    const postgres = await startPostgres({ dataDirectory: wanted, settings });

    const real = await readlink(wanted);
    expect(postgres.dataDirectory).toBe(real);
    expect(await readFile(join(wanted, "PG_VERSION"), "utf8")).toContain("18");
    expect(await readCommandLine(postgres.pid)).toContain(real);
    await postgres.stop();
    await removeDataFolder(wanted);
    expect(await readdir(join(home, ".tirage"))).toEqual([]);
    await expect(readdir(real)).rejects.toThrow("ENOENT");
    await rm(join(real, ".."), { recursive: true, force: true });
  },
);

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const pool = createPool({ databaseUrl: url, applicationName: "test", max: 1, onError: () => {} });
  try {
    return (await pool.query(sql)).rows;
  } finally {
    await pool.end();
  }
}
