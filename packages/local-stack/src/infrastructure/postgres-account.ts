import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

/** The operating-system account a server runs under. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * The account Postgres runs under, or undefined for our own. Postgres refuses to run as root; then it is the
 * machine's `postgres`, or `nobody` where there is none: no account is ever created.
 */
export async function findPostgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = await Promise.all([readId("-u", name), readId("-g", name)]);
      return { name, uid, gid };
    } catch {
      // No such account: the next one.
    }
  }
  throw new Error("Postgres cannot run as root, and this machine has neither a postgres nor a nobody account");
}

async function readId(flag: "-u" | "-g", name: string): Promise<number> {
  const { stdout } = await promisify(execFile)("id", [flag, name], { timeout: 5_000 });
  return Number(stdout.trim());
}

/** Whether the account may pass through every folder above `path`. */
export async function isReachable(path: string, account: Account): Promise<boolean> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found) {
      const bit = found.uid === account.uid ? 0o100 : found.gid === account.gid ? 0o010 : 0o001;
      if ((found.mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

/**
 * A folder outside every home, one per user and `key`, that any account can pass through. Only we may write in it:
 * one that belongs to somebody else is refused, since programs are run from it.
 */
export async function openSharedFolder(key: string): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 12);
  const folder = join("/var/tmp", `tirage-${uid}-${hash}`);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== uid) {
    throw new Error(`${folder} belongs to another user: remove it, or run from a folder that everyone may enter`);
  }
  await chmod(folder, 0o755);
  return folder;
}
