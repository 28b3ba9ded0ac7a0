import { commonVariables, databaseVariables, natsVariables, readVariables } from "@tirage/service-kit";
import { z } from "zod";

const variables = z.object({ ...commonVariables(8083), ...natsVariables, ...databaseVariables });

export type Config = z.infer<typeof variables>;

/** @throws ConfigError naming each variable that is missing or wrong. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  return readVariables(variables, environment);
}
