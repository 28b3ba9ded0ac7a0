import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "./process-table.ts";

/** How a process ended: by its own exit code or by a signal. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Resolves when the process has ended or could not be started; never rejects. */
export function whenExited(child: ChildProcess): Promise<ProcessEnd> {
  if (hasExited(child)) return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => {
      if (child.pid === undefined) resolve({ code: 127, signal: null });
    });
  });
}

export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Ends a child with `signal`, and with SIGKILL what has not ended after `graceMs`. Resolves when it is gone. */
export async function stopProcess(
  child: ChildProcess,
  { signal = "SIGTERM", graceMs }: { signal?: NodeJS.Signals; graceMs: number },
): Promise<ProcessEnd> {
  const exited = whenExited(child);
  if (hasExited(child) || child.pid === undefined) return exited;
  child.kill(signal);
  child.kill("SIGCONT"); // a paused process acts on a signal only when it runs again
  const forced = setTimeout(() => child.kill("SIGKILL"), graceMs);
  try {
    return await exited;
  } finally {
    clearTimeout(forced);
  }
}

/** Ends a process that is not our child. Resolves true once it is gone, false when it outlived SIGKILL by `graceMs`. */
export async function stopForeignProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<boolean> {
  for (const step of [signal, "SIGKILL"] as const) {
    sendSignal(pid, step);
    const deadline = Date.now() + graceMs;
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return true;
      await delay(50);
    }
  }
  return !isAlive(pid);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
