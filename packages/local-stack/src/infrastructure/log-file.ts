import { closeSync, openSync } from "node:fs";
import { open, rename, stat } from "node:fs/promises";

const rotateAtBytes = 20 * 1024 * 1024;

/**
 * Opens a log for appending, for the time of `use`: a child keeps its own copy of the descriptor. A log over 20 MiB
 * is moved to `<file>.1` first.
 */
export async function withLogFile<Result>(file: string, use: (descriptor: number) => Result): Promise<Result> {
  const bytes = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (bytes > rotateAtBytes) await rename(file, `${file}.1`);
  const descriptor = openSync(file, "a", 0o640);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The last lines of a log, at most `count`; an absent log has none. */
export async function readLastLines(file: string, count: number): Promise<string[]> {
  const handle = await open(file, "r").catch(() => undefined);
  if (!handle) return [];
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, 64 * 1024);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8").trimEnd().split("\n").slice(-count);
  } finally {
    await handle.close();
  }
}
