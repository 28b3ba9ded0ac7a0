import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import { createLogger } from "./create-logger.ts";
import { createReadiness, type Readiness, type ServicePhase } from "./readiness.ts";
import { createOperationsServer } from "./serve-operations.ts";
import { readServicePackage } from "./service-package.ts";

/** The variables that running a service needs; commonVariables has them all. */
export interface CommonConfig {
  readonly HOST: string;
  readonly PORT: number;
  readonly LOG_LEVEL: string;
  readonly SHUTDOWN_GRACE_MS: number;
  readonly EVENT_LOOP_LIMIT_MS: number;
}

/** What a service gets to start with. */
export interface ServiceContext<Config> {
  readonly config: Config;
  readonly logger: Logger;
  /** Everything to release, in reverse order of acquiring. */
  readonly resources: AsyncDisposableStack;
  /** Of this process, never used again; letters, digits, `_` and `-`. */
  readonly instanceId: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly readiness: Readiness;
  /**
   * Serves /healthz, /livez, /readyz and /metrics on HOST and PORT, until all resources are released. Rejects when the port is
   * taken. A service with its own HTTP server mounts them there, by `readiness` and `writeMetrics`.
   * @param describeMore What /healthz tells of this service besides.
   */
  serveOperations(describeMore?: () => object): Promise<void>;
}

/** The context of a new process, and what serves its operations until the very end. */
export function createServiceContext<Config extends CommonConfig>(
  service: string,
  config: Config,
  currentPhase: () => ServicePhase,
): { context: ServiceContext<Config>; operations: AsyncDisposable } {
  const startedAt = new Date();
  const instanceId = createInstanceId();
  const { version } = readServicePackage(process.argv[1]);
  const logger = createLogger({ service, instanceId, level: config.LOG_LEVEL });
  const readiness = createReadiness(currentPhase);
  const operations = new AsyncDisposableStack();
  const serveOperations = async (describeMore: () => object = () => ({})) => {
    const describe = () => ({
      ...{ service, instanceId, version, startedAt: startedAt.toISOString() },
      ...describeMore(),
    });
    const server = await createOperationsServer({ host: config.HOST, port: config.PORT, readiness, describe });
    operations.use(server);
    logger.info({ host: config.HOST, port: server.port }, "operations are served");
  };
  const resources = new AsyncDisposableStack();
  return {
    context: { config, logger, resources, instanceId, version, startedAt, readiness, serveOperations },
    operations,
  };
}

/** The host's name, as far as it fits into a subject token, and a random end: a container restarts under one name. */
function createInstanceId(): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9_-]/g, "-")
    .slice(0, 48);
  return `${host}-${randomBytes(4).toString("hex")}`;
}
