import type { ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { readLastLines, withLogFile } from "./infrastructure/log-file.ts";
import { spawnGuarded } from "./infrastructure/process-guard.ts";
import { hasExited, stopProcess, whenExited } from "./infrastructure/stop-process.ts";
import { StackError } from "./stack-error.ts";
import { describeEnd, type Running } from "./supervise.ts";

/** One Node process of the stack. */
export interface NodeProcess {
  name: string;
  /** Working folder. */
  folder: string;
  /** What follows `node`. */
  parameters: string[];
  environment: Record<string, string | undefined>;
  /** Answers 200 once the process can work. */
  readyUrl: string;
  logFile: string;
  /** How long it may take to stop by itself. */
  stopGraceMs: number;
  /** Told every line it logs; without it they go to the log file alone. */
  onLog?: (line: string) => void;
}

const readyTimeoutMs = 60_000;
const pollMs = 50;
/** A service's word for "my configuration is wrong" (sysexits' EX_CONFIG): starting it again cannot help. */
const configExitCode = 78;

/** Starts a Node process and resolves when it is ready. Rejects, with nothing left running, when it is not. */
export async function startNodeProcess(definition: NodeProcess, signal: AbortSignal): Promise<Running> {
  const child = await spawnNode(definition);
  const stop = async () => {
    await stopProcess(child, { graceMs: definition.stopGraceMs });
  };
  try {
    await waitUntilReady(child, definition, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    exited: whenExited(child),
    logFile: definition.logFile,
    kill: (name) => void child.kill(name),
    stop,
  };
}

async function spawnNode({ folder, parameters, environment, logFile, onLog }: NodeProcess): Promise<ChildProcess> {
  const options = { cwd: folder, env: environment as NodeJS.ProcessEnv };
  if (!onLog) {
    return withLogFile(logFile, (log) =>
      spawnGuarded(process.execPath, parameters, { ...options, stdio: ["ignore", log, log] }),
    );
  }
  const child = spawnGuarded(process.execPath, parameters, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(logFile, { flags: "a" });
  // A full disk must not end the stack: every line is told all the same.
  log.on("error", () => undefined);
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    stream.pipe(log, { end: false });
    createInterface({ input: stream }).on("line", onLog);
  }
  child.once("close", () => log.end());
  return child;
}

async function waitUntilReady(child: ChildProcess, definition: NodeProcess, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  let missing = "it did not answer";
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    if (hasExited(child) || child.pid === undefined) throw await describeDeath(child, definition);
    const answer = await askReady(definition.readyUrl);
    if (answer === "ready") return;
    if (answer) missing = answer;
    await delay(pollMs);
  }
  throw new Error(`${definition.name} was not ready within ${readyTimeoutMs / 1000} s: ${missing}`);
}

/** "ready", what a service that answers says it lacks, or undefined when nothing answers. */
async function askReady(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    const body = await response.text();
    return response.ok ? "ready" : `${response.status} ${body.slice(0, 300)}`;
  } catch {
    return undefined;
  }
}

async function describeDeath(child: ChildProcess, { name, logFile }: NodeProcess): Promise<Error> {
  const end = await whenExited(child);
  const lines = await readLastLines(logFile, 8);
  if (end.code === configExitCode) return new StackError(`${name} refuses its configuration: ${lines.at(-1) ?? ""}`);
  return new Error(
    `${name} ended while starting (${describeEnd(end)}), last lines of ${logFile}:\n${lines.join("\n")}`,
  );
}
