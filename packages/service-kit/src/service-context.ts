import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import type { Readiness } from "./readiness.ts";

/** The variables that running a service needs; commonVariables has them all. */
export interface CommonConfig {
  readonly HOST: string;
  readonly PORT: number;
  readonly LOG_LEVEL: string;
  readonly SHUTDOWN_GRACE_MS: number;
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
   * Serves /healthz, /readyz and /metrics on HOST and PORT, until all resources are released. Rejects when the port is
   * taken. A service with its own HTTP server mounts them there, by `readiness` and `writeMetrics`.
   */
  serveOperations(): Promise<void>;
}

/** The host's name, as far as it fits into a subject token, and a random end: a container restarts under one name. */
export function createInstanceId(): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9_-]/g, "-")
    .slice(0, 48);
  return `${host}-${randomBytes(4).toString("hex")}`;
}
