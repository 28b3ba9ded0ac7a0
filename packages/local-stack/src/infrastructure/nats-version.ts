import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Older servers silently ignore stream and consumer options that Tirage relies on. */
export const minimumNatsVersion = "2.12.7";

/** The release that is fetched where none is installed. */
export const fetchedNatsVersion = "2.15.1";

/** Reads `nats-server: v2.15.1` as `2.15.1`; undefined when the text names no version. */
export function readNatsVersion(text: string): string | undefined {
  return /\bv?(\d+\.\d+\.\d+)\b/.exec(text)?.[1];
}

/** Whether the first version is the second or newer. Both are `major.minor.patch`. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [left, right] = [version, minimum].map((text) => text.split(".").map(Number));
  for (let part = 0; part < 3; part += 1) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Asks a program for its version by running it; undefined when it is no NATS server that runs here. */
export async function askNatsVersion(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ["--version"], { timeout: 10_000 });
    return readNatsVersion(stdout);
  } catch {
    return undefined;
  }
}
