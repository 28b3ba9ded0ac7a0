import {
  commonVariables,
  natsVariables,
  providerConcurrency,
  providerVariables,
  readVariables,
} from "@tirage/service-kit";
import { z } from "zod";

const variables = z.object({ ...commonVariables(8081), ...natsVariables, ...providerVariables });

/** @throws ConfigError naming each bad variable. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const read = readVariables(variables, environment);
  return { ...read, concurrencyOfProvider: providerConcurrency(read) };
}
export type Config = ReturnType<typeof readConfig>;
