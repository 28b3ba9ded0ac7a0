import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findFreePort } from "./free-port.ts";
import { readLastLines, withLogFile } from "./log-file.ts";
import { spawnGuarded } from "./process-guard.ts";
import { readCommandLine } from "./process-table.ts";
import { hasExited, type ProcessEnd, stopForeignProcess, stopProcess, whenExited } from "./stop-process.ts";

export interface NatsOptions {
  /** The nats-server program, as found by findNatsServer. */
  program: string;
  /** Holds JetStream's files, the configuration and the log; kept between starts. */
  storeDirectory: string;
  /** Without one, a free port. */
  port?: number;
  /** Of the HTTP monitor; without one, a free port. */
  monitorPort?: number;
  /** Told in one line what a user should know. */
  report?: (line: string) => void;
}

export interface RunningNats extends AsyncDisposable {
  url: string;
  port: number;
  /** Base URL of the monitoring endpoints (`/healthz`, `/jsz`, `/connz`). */
  monitorUrl: string;
  storeDirectory: string;
  logFile: string;
  readonly pid: number;
  /** Resolves when the present process has ended, for whatever reason. A restart replaces it. */
  readonly exited: Promise<ProcessEnd>;
  /** Sends a signal and returns at once; SIGSTOP and SIGCONT pause and resume. */
  kill(signal: NodeJS.Signals): void;
  /** Stops what still runs and starts again on the same ports and store; `beforeStart` runs in between. */
  restart(beforeStart?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const startTimeoutMs = 30_000;
const stopGraceMs = 10_000;
const portTries = 3;

/**
 * Starts a NATS server with JetStream and resolves when JetStream answers. JetStream's default sync interval is
 * kept: the broker is disposable, Postgres is the truth.
 */
export async function startNats(options: NatsOptions): Promise<RunningNats> {
  const storeDirectory = resolve(options.storeDirectory);
  await mkdir(storeDirectory, { recursive: true });
  await endStaleServer(storeDirectory, options.report ?? (() => {}));
  for (let attempt = 1; ; attempt += 1) {
    const ports = {
      port: options.port ?? (await findFreePort()),
      monitorPort: options.monitorPort ?? (await findFreePort()),
    };
    try {
      const place = { program: options.program, storeDirectory, ...ports };
      return createHandle(place, await spawnServer(place));
    } catch (error) {
      const hasFixedPorts = options.port !== undefined && options.monitorPort !== undefined;
      if (!hasFixedPorts && attempt < portTries && (error as Error).message.includes("address already in use"))
        continue;
      throw error;
    }
  }
}

interface Place {
  program: string;
  storeDirectory: string;
  port: number;
  monitorPort: number;
}

async function spawnServer(place: Place): Promise<ChildProcess> {
  await mkdir(place.storeDirectory, { recursive: true });
  const serverName = `tirage-${randomBytes(4).toString("hex")}`;
  const configFile = join(place.storeDirectory, "nats.conf");
  await writeFile(configFile, formatConfig(place, serverName));
  const logFile = join(place.storeDirectory, "nats.log");
  const child = await withLogFile(logFile, (log) =>
    spawnGuarded(place.program, ["--config", configFile], { cwd: place.storeDirectory, stdio: ["ignore", log, log] }),
  );
  child.on("error", () => {}); // a failed start is seen by its exit
  try {
    await waitUntilReady(child, place, serverName);
    return child;
  } catch (error) {
    await stopProcess(child, { graceMs: stopGraceMs });
    const lines = await readLastLines(logFile, 5);
    throw new Error(`NATS did not start: ${(error as Error).message}:\n${lines.join("\n")}\n(log: ${logFile})`, {
      cause: error,
    });
  }
}

function formatConfig({ storeDirectory, port, monitorPort }: Place, serverName: string): string {
  return [
    `server_name: "${serverName}"`,
    `listen: "127.0.0.1:${port}"`,
    `http: "127.0.0.1:${monitorPort}"`,
    `pid_file: ${JSON.stringify(join(storeDirectory, "nats.pid"))}`,
    `max_payload: 1MB`,
    `write_deadline: "10s"`,
    `jetstream { store_dir: ${JSON.stringify(storeDirectory)} }`,
    "",
  ].join("\n");
}

/** The name tells our server from one that holds the ports already. Health includes JetStream and the client port. */
async function waitUntilReady(child: ChildProcess, { monitorPort }: Place, serverName: string): Promise<void> {
  const monitor = `http://127.0.0.1:${monitorPort}`;
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (hasExited(child) || child.pid === undefined) throw new Error("the server ended while starting");
    const isOurs = (await ask(`${monitor}/varz`))?.includes(`"${serverName}"`);
    if (isOurs && (await ask(`${monitor}/healthz`)) !== undefined) return;
    await delay(20);
  }
  throw new Error(`the server was not ready within ${startTimeoutMs / 1000} s`);
}

/** The body of a 2xx answer, or undefined. */
async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    const body = await response.text();
    return response.ok ? body : undefined;
  } catch {
    return undefined;
  }
}

/** A server that outlived a killed stack is ended: two on one store would destroy it. */
async function endStaleServer(storeDirectory: string, report: (line: string) => void): Promise<void> {
  const pid = Number(await readFile(join(storeDirectory, "nats.pid"), "utf8").catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 1) return;
  const commandLine = await readCommandLine(pid);
  if (!commandLine?.includes(join(storeDirectory, "nats.conf"))) return;
  report(`NATS of an earlier run was still there (process ${pid}): it was stopped`);
  const isGone = await stopForeignProcess(pid, "SIGTERM", stopGraceMs);
  if (!isGone) throw new Error(`NATS of an earlier run (process ${pid}) does not end: end it by hand`);
}

function createHandle(place: Place, first: ChildProcess): RunningNats {
  let child = first;
  const stop = async () => {
    await stopProcess(child, { graceMs: stopGraceMs });
  };
  return {
    url: `nats://127.0.0.1:${place.port}`,
    port: place.port,
    monitorUrl: `http://127.0.0.1:${place.monitorPort}`,
    storeDirectory: place.storeDirectory,
    logFile: join(place.storeDirectory, "nats.log"),
    get pid() {
      return child.pid ?? 0;
    },
    get exited() {
      return whenExited(child);
    },
    kill(signal) {
      child.kill(signal);
    },
    async restart(beforeStart) {
      await stop();
      await beforeStart?.();
      child = await spawnServer(place);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
