import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

interface Row {
  pid: number;
  parent: number;
}

/** The ids of every process that this one started, and of those that they started; without `except` and theirs. */
export async function listDescendants(pid: number, except: readonly number[] = []): Promise<number[]> {
  const rows = process.platform === "linux" ? await readProc() : await askPs();
  const found = [pid];
  for (const ancestor of found) {
    for (const row of rows) if (row.parent === ancestor && !except.includes(row.pid)) found.push(row.pid);
  }
  return found.slice(1);
}

async function readProc(): Promise<Row[]> {
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const rows = pids.map(async (pid) => {
    const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") X 0");
    // After the name, in brackets: the state, then the parent.
    return { pid, parent: Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]) };
  });
  return Promise.all(rows);
}

async function askPs(): Promise<Row[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0]) => ({ pid, parent }));
}
