import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { NodeProcess } from "./start-node-process.ts";

type Environment = Record<string, string | undefined>;

export interface ServicePlanOptions {
  repository: string;
  dataDirectory: string;
  /** By process name. */
  ports: Record<string, number>;
  generators: number;
  /** What every process gets, before its own variables. */
  environment: Environment;
  databaseUrl: string;
  natsUrl: string;
  providerVariables: Environment;
  onLog?: (name: string, line: string) => void;
}

/** The longest SHUTDOWN_GRACE_MS a service gives itself: the generator's, in which a submit that has left is recorded. */
const defaultShutdownGraceMs = 15_000;
/**
 * Node sizes its heap by the machine's memory and, with plenty, lets garbage lie: after a few orders of 5,000
 * generations, three services were at 310 to 340 MB, of which little lived. With MB bounds for the new and the old space
 * they stay under 160 MB, for no more CPU time. docker-compose.yml has the same.
 */
const memoryFlags = ["--max-semi-space-size=2", "--max-old-space-size=512"];
/** What a service may take beyond its own grace before it is killed. */
const killMarginMs = 5_000;

/** The names of the processes that need a port, in starting order. */
export function listServiceNames(generators: number): string[] {
  const replicas = Array.from({ length: generators }, (_, index) => `generator-${index + 1}`);
  return ["order-api", "dispatcher", "status-aggregator", ...replicas];
}

/** Every service with the variables by which it is also started alone. */
export function planServices(options: ServicePlanOptions): NodeProcess[] {
  return listServiceNames(options.generators).map((name) => planService(name, options));
}

function planService(name: string, options: ServicePlanOptions): NodeProcess {
  const { repository, dataDirectory, ports, environment, providerVariables, onLog } = options;
  const service = name.startsWith("generator-") ? "generator" : name;
  const graceMs = Number(environment.SHUTDOWN_GRACE_MS) || defaultShutdownGraceMs;
  const port = String(ports[name] ?? 0);
  return {
    name,
    folder: join(repository, "services", service),
    parameters: [...memoryFlags, "src/main.ts"],
    environment: {
      ...environment,
      ...providerVariables,
      HOST: "127.0.0.1",
      PORT: port,
      DATABASE_URL: options.databaseUrl,
      NATS_URL: options.natsUrl,
      BLOB_URL: environment.BLOB_URL || pathToFileURL(join(dataDirectory, "blobs")).href,
    },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    logFile: join(dataDirectory, "logs", `${name}.log`),
    stopGraceMs: graceMs + killMarginMs,
    ...(onLog && { onLog: (line: string) => onLog(name, line) }),
  };
}

/** Both providers on this machine. It keeps what it sold in memory only. */
export function planSandbox(
  options: Pick<ServicePlanOptions, "repository" | "dataDirectory" | "environment" | "onLog">,
  port: number,
): NodeProcess {
  const { onLog } = options;
  return {
    name: "provider-sandbox",
    folder: join(options.repository, "packages", "provider-sandbox"),
    parameters: ["src/main.ts"],
    environment: { ...options.environment, HOST: "127.0.0.1", PORT: String(port) },
    readyUrl: `http://127.0.0.1:${port}/__ledger`,
    logFile: join(options.dataDirectory, "logs", "provider-sandbox.log"),
    stopGraceMs: killMarginMs,
    ...(onLog && { onLog: (line: string) => onLog("provider-sandbox", line) }),
  };
}
