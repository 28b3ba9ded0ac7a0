import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, lstat, mkdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Account, isReachable, openSharedFolder } from "./postgres-account.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";

/** The superuser and the database of every cluster made here. */
export const databaseUser = "tirage";
export const databaseName = "tirage";

const passwordFileName = "tirage.password";
const initTimeoutMs = 60_000;

/**
 * Where a data folder can really be: `wanted`, unless the account cannot reach it. Then it is a shared folder, and
 * `wanted` becomes a link to it, so that it is found, and removed, under its own name.
 */
export async function placeDataFolder(wanted: string, account: Account | undefined): Promise<string> {
  const path = resolve(wanted);
  await mkdir(dirname(path), { recursive: true });
  if (!account || (await isReachable(path, account))) return path;
  const target = join(await openSharedFolder(path), "postgres");
  const found = await lstat(path).catch(() => undefined);
  if (!found) {
    // Without its link, data of an earlier checkout at this path is not ours to take up.
    await rm(target, { recursive: true, force: true });
    await symlink(target, path);
  }
  return target;
}

/** Removes a data folder, also where it really is when `wanted` is a link that placeDataFolder made. */
export async function removeDataFolder(wanted: string): Promise<void> {
  const target = await realpath(wanted).catch(() => undefined);
  if (target) await rm(target, { recursive: true, force: true });
  await rm(wanted, { recursive: true, force: true });
}

/** Makes the cluster on the first start; a later start finds it. Answers the superuser's password. */
export async function prepareCluster(
  folder: string,
  binaries: PostgresBinaries,
  account: Account | undefined,
  { sync }: { sync: boolean },
): Promise<string> {
  const version = await readFile(join(folder, "PG_VERSION"), "utf8").catch(() => undefined);
  if (version !== undefined && version.trim() !== binaries.majorVersion) {
    throw new Error(
      `${folder} was written by Postgres ${version.trim()}, this is ${binaries.majorVersion}: start with --reset to begin with an empty database`,
    );
  }
  if (version === undefined) await initCluster(folder, binaries, account, sync);
  return (await readFile(join(folder, passwordFileName), "utf8")).trim();
}

/** Built beside its place and moved there when complete: a start that is killed half-way leaves no half cluster. */
async function initCluster(
  folder: string,
  binaries: PostgresBinaries,
  account: Account | undefined,
  sync: boolean,
): Promise<void> {
  const half = `${folder}.${process.pid}-${randomBytes(3).toString("hex")}`;
  const passwordFile = `${half}.password`;
  try {
    await mkdir(half, { mode: 0o700 });
    await writeFile(passwordFile, `${randomBytes(16).toString("hex")}\n`, { mode: 0o600 });
    if (account) for (const path of [half, passwordFile]) await chown(path, account.uid, account.gid);
    await run(binaries.initdb, initParameters(half, passwordFile, sync), { binaries, account });
    await run(binaries.postgres, ["--single", "-D", half, ...(sync ? [] : ["-c", "fsync=off"]), "postgres"], {
      binaries,
      account,
      input: `CREATE DATABASE ${databaseName}\n`,
    });
    await rename(passwordFile, join(half, passwordFileName));
    if (await stat(folder).catch(() => undefined)) await rm(folder, { recursive: true });
    await rename(half, folder);
  } finally {
    await rm(half, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}

function initParameters(folder: string, passwordFile: string, sync: boolean): string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${databaseUser}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--locale=C",
    "--encoding=UTF8",
    ...(sync ? [] : ["--no-sync"]),
  ];
}

function run(
  program: string,
  parameters: string[],
  { binaries, account, input }: { binaries: PostgresBinaries; account: Account | undefined; input?: string },
): Promise<void> {
  return new Promise((settle, reject) => {
    const child = spawn(program, parameters, {
      ...(account && { uid: account.uid, gid: account.gid }),
      cwd: binaries.home,
      env: postgresEnvironment,
      timeout: initTimeoutMs,
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) settle();
      else reject(new Error(`${program} failed (${code}): ${output.trim().split("\n").slice(-5).join(" | ")}`));
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
}

/** Not ours: a stray PGPORT or PGDATA of the user's shell must not reach the server. */
export const postgresEnvironment = { LC_ALL: "C", PATH: "/usr/bin:/bin" };
