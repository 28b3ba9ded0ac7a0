import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readStartTime } from "./infrastructure/process-table.ts";
import { StackError } from "./stack-error.ts";

const takeOverSettleMs = 100;

interface LockContent {
  pid: number;
  /** When that process began, as the system says it: a process id alone may have been given to another program. */
  since: string;
}

/**
 * Takes a data folder for this process; two stacks on one would destroy it. A lock whose process is gone is taken
 * over. Throws a StackError when a stack runs there.
 */
export async function lockDataDirectory(dataDirectory: string): Promise<AsyncDisposable> {
  await mkdir(dataDirectory, { recursive: true });
  const file = join(dataDirectory, "stack.lock");
  const lock = { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
  if (await create(file)) return lock;
  await refuseIfHeld(file, dataDirectory);
  await rm(file, { force: true });
  if (await create(file)) {
    // Another start may have seen the same old lock, and remove ours for it: then that start has the folder.
    await delay(takeOverSettleMs);
    if ((await readHolder(file))?.pid === process.pid) return lock;
  }
  await refuseIfHeld(file, dataDirectory);
  throw new StackError(`${dataDirectory} cannot be locked: another start is doing the same; try again`);
}

async function refuseIfHeld(file: string, dataDirectory: string): Promise<void> {
  const holder = await readHolder(file);
  if (!holder || (await readStartTime(holder.pid)) !== holder.since) return;
  throw new StackError(
    `Tirage already runs on ${dataDirectory} (process ${holder.pid}): stop it there, or start another one with --data-dir and --port`,
  );
}

/** Linked into place with its content, so that nobody reads half a lock. */
async function create(file: string): Promise<boolean> {
  const content: LockContent = { pid: process.pid, since: (await readStartTime(process.pid)) ?? "" };
  const half = `${file}.${process.pid}`;
  await writeFile(half, JSON.stringify(content));
  try {
    await link(half, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(half, { force: true });
  }
}

async function readHolder(file: string): Promise<LockContent | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as LockContent;
  } catch {
    return undefined;
  }
}
