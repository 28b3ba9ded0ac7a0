import type { ChildProcess } from "node:child_process";
import { chown, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findFreePort } from "./free-port.ts";
import { readLastLines, withLogFile } from "./log-file.ts";
import { type Account, findPostgresAccount } from "./postgres-account.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { databaseName, databaseUser, placeDataFolder, postgresEnvironment, prepareCluster } from "./postgres-data.ts";
import { spawnGuarded } from "./process-guard.ts";
import { readCommandLine } from "./process-table.ts";
import { hasExited, type ProcessEnd, stopForeignProcess, stopProcess, whenExited } from "./stop-process.ts";

export interface PostgresOptions {
  /** Kept between starts. When the server's account cannot reach it, it becomes a link to a folder it can reach. */
  dataDirectory: string;
  /** Without one, a free port. */
  port?: number;
  /** Server settings over the defaults, as `postgres -c name=value`. */
  settings?: Record<string, string>;
  /** Told in one line what a user should know. */
  report?: (line: string) => void;
}

export interface RunningPostgres extends AsyncDisposable {
  /** Of the database `tirage`, as its superuser. */
  url: string;
  port: number;
  /** Where the data really is. */
  dataDirectory: string;
  logFile: string;
  pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<ProcessEnd>;
  /** SIGQUIT ends it as a crash would. SIGKILL would leave its children and their shared memory behind. */
  kill(signal: NodeJS.Signals): void;
  /** Fast shutdown: sessions are ended, everything is written. */
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000; // replaying the log of a crash takes the longest
const stopGraceMs = 20_000;
const portTries = 3;

/**
 * Durability is left as Postgres has it (fsync, synchronous commit, full page writes): it is the only place where a
 * fact must survive. Without replicas the log need hold only what recovery needs.
 */
const defaultSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "1GB",
  checkpoint_timeout: "15min",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
};

/** Starts the embedded Postgres and resolves when it accepts connections. Works as root and as an ordinary user. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { settings = {}, report = () => {} } = options;
  const account = await findPostgresAccount();
  const binaries = await findPostgresBinaries(account);
  const folder = await placeDataFolder(options.dataDirectory, account);
  const password = await prepareCluster(folder, binaries, account, { sync: settings.fsync !== "off" });
  await endStaleServer(folder, report);

  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await findFreePort());
    const server = await spawnServer({ folder, port, settings, binaries, account });
    try {
      await waitUntilReady(server.child, folder);
      return createHandle(server, port, folder, password);
    } catch (error) {
      await stopProcess(server.child, { signal: "SIGINT", graceMs: stopGraceMs });
      const lines = await readLastLines(server.logFile, 8);
      const isTaken = lines.some((line) => line.includes("Address already in use"));
      if (isTaken && options.port === undefined && attempt < portTries) continue;
      const reason = isTaken ? `port ${port} is in use` : `${(error as Error).message}:\n${lines.join("\n")}`;
      throw new Error(`Postgres did not start: ${reason} (log: ${server.logFile})`, { cause: error });
    }
  }
}

interface SpawnedServer {
  child: ChildProcess;
  logFile: string;
}

async function spawnServer({
  folder,
  port,
  settings,
  binaries,
  account,
}: {
  folder: string;
  port: number;
  settings: Record<string, string>;
  binaries: PostgresBinaries;
  account: Account | undefined;
}): Promise<SpawnedServer> {
  const logFile = join(folder, "postgres.log");
  const flags = Object.entries({ ...defaultSettings, ...settings }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  if (account) {
    await writeFile(logFile, "", { flag: "a", mode: 0o600 });
    await chown(logFile, account.uid, account.gid);
  }
  const child = await withLogFile(logFile, (log) =>
    spawnGuarded(binaries.postgres, ["-D", folder, "-p", String(port), ...flags], {
      ...(account && { uid: account.uid, gid: account.gid }),
      cwd: binaries.home,
      env: postgresEnvironment,
      stdio: ["ignore", log, log],
      lastSignal: "INT",
    }),
  );
  child.on("error", () => {}); // a failed start is seen by its exit
  return { child, logFile };
}

/** The server writes its state into the eighth line of postmaster.pid: what pg_ctl waits for, without pg_ctl. */
async function waitUntilReady(child: ChildProcess, folder: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (hasExited(child) || child.pid === undefined) throw new Error("the server ended while starting");
    const lines = (await readPidFile(folder)) ?? [];
    if (lines[0]?.trim() === String(child.pid) && lines[7]?.trim() === "ready") return;
    await delay(20);
  }
  throw new Error(`the server was not ready within ${startTimeoutMs / 1000} s`);
}

async function readPidFile(folder: string): Promise<string[] | undefined> {
  const text = await readFile(join(folder, "postmaster.pid"), "utf8").catch(() => undefined);
  return text?.split("\n");
}

/**
 * A server that outlived a killed stack is ended, because two on one folder would destroy it. A pid file whose
 * process is some other program is removed: Postgres would take that program for its server and refuse.
 */
async function endStaleServer(folder: string, report: (line: string) => void): Promise<void> {
  const pid = Number((await readPidFile(folder))?.[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  const commandLine = await readCommandLine(pid);
  if (commandLine?.includes("postgres") && commandLine.includes(folder)) {
    report(`Postgres of an earlier run was still there (process ${pid}): it was stopped`);
    const isGone = await stopForeignProcess(pid, "SIGINT", stopGraceMs);
    if (!isGone) throw new Error(`Postgres of an earlier run (process ${pid}) does not end: end it by hand`);
    return;
  }
  await rm(join(folder, "postmaster.pid"), { force: true });
}

function createHandle(
  { child, logFile }: SpawnedServer,
  port: number,
  dataDirectory: string,
  password: string,
): RunningPostgres {
  const stop = async () => {
    await stopProcess(child, { signal: "SIGINT", graceMs: stopGraceMs });
  };
  return {
    url: `postgres://${databaseUser}:${password}@127.0.0.1:${port}/${databaseName}`,
    port,
    dataDirectory,
    logFile,
    pid: child.pid ?? 0,
    exited: whenExited(child),
    kill(signal) {
      child.kill(signal);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
