/** What every service is made of: configuration, logger, telemetry, health, shutdown. */
export { ConfigError } from "./config-error.ts";
export { createLimit, type Limit } from "./create-limit.ts";
export { createLogger } from "./create-logger.ts";
export { meter, writeMetrics } from "./metrics.ts";
export { providerConcurrency, providerVariables } from "./provider-variables.ts";
export { readVariables } from "./read-variables.ts";
export type { Readiness, ReadinessReport } from "./readiness.ts";
export { runService, type ServiceDefinition } from "./run-service.ts";
export type { CommonConfig, ServiceContext } from "./service-context.ts";
export { numberVariable, variable } from "./variable.ts";
export { commonVariables, databaseVariables, natsVariables } from "./variables.ts";
