import { statfs } from "node:fs/promises";
import { StackError } from "./stack-error.ts";

/** A new stack takes 50 MB before its first order: a Postgres cluster, its log, and the broker's store. */
const leastFreeMb = 100;
const bytesPerMb = 1_000_000;

/** Throws a StackError when the disk of the data folder is about to be full: servers would fail in less clear ways. */
export async function requireDiskSpace(dataDirectory: string): Promise<void> {
  const { bavail, bsize } = await statfs(dataDirectory);
  refuseFullDisk((bavail * bsize) / bytesPerMb, dataDirectory);
}

export function refuseFullDisk(freeMb: number, dataDirectory: string): void {
  if (freeMb >= leastFreeMb) return;
  throw new StackError(
    `only ${Math.floor(freeMb)} MB are free where the data is kept (${dataDirectory}), and ${leastFreeMb} MB are needed: free some, or keep it elsewhere with --data-dir`,
  );
}

/** The failure in words that help, when it is the disk's. */
export function explainFullDisk(error: unknown): string | undefined {
  const isFull =
    error instanceof Error && (("code" in error && error.code === "ENOSPC") || /no space left/i.test(error.message));
  return isFull
    ? `no space is left on the disk: free some, or keep the data elsewhere with --data-dir (${error.message})`
    : undefined;
}
