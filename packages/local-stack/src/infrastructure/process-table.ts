import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

// From /proc where there is one: a small Linux image has no ps.

/** The command line of a running process, or undefined when there is none with this id. */
export async function readCommandLine(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return askPs(pid, "args=");
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return text.replaceAll("\0", " ").trim() || undefined;
}

/**
 * When a running process began, in the system's own words; undefined when there is none with this id. With the id it
 * names one process for good: the id alone may be given to another program later.
 */
export async function readStartTime(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return askPs(pid, "lstart=");
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name, in brackets, may hold spaces; the start in clock ticks is the 20th field after it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? undefined : fields[19];
}

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function askPs(pid: number, column: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-ww", "-o", column, "-p", String(pid)], {
      timeout: 5_000,
      env: { LC_ALL: "C", PATH: "/usr/bin:/bin" },
    });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
