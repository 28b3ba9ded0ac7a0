import {
  commonVariables,
  databaseVariables,
  natsVariables,
  numberVariable,
  providerConcurrency,
  providerVariables,
  readVariables,
} from "@tirage/service-kit";
import { z } from "zod";

const variables = z.object({
  ...commonVariables(8081),
  ...natsVariables,
  ...databaseVariables,
  ...providerVariables,
  /** How often Postgres and the queues are compared. */
  RECONCILE_EVERY_MS: numberVariable(100, 600_000).default(2_000),
});

/** @throws ConfigError naming each bad variable. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const read = readVariables(variables, environment);
  return { ...read, concurrencyOfProvider: providerConcurrency(read) };
}
export type Config = ReturnType<typeof readConfig>;
