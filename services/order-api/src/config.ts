import {
  ConfigError,
  commonVariables,
  databaseVariables,
  natsVariables,
  numberVariable,
  providerVariables,
  readVariables,
  variable,
} from "@tirage/service-kit";
import { z } from "zod";
import { readApiKeys } from "./domain/api-keys.ts";
import { readWebhookSecret } from "./domain/webhook-secret.ts";

/** What a page links to: never `javascript:`, and different for each trace. */
function readTraceUrlTemplate(text: string): string | undefined {
  const example = URL.parse(text.replaceAll("{traceId}", "0"));
  const isOfWeb = example?.protocol === "https:" || example?.protocol === "http:";
  return isOfWeb && text.includes("{traceId}") ? text : undefined;
}

const loopbackHosts = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

const variables = z.object({
  ...commonVariables(8080),
  ...natsVariables,
  ...databaseVariables,
  ...providerVariables,
  /** Where products are read from. */
  BLOB_URL: variable("file:///folder or s3://bucket", (text) => (/^(file|s3):\/\//.test(text) ? text : undefined)),
  AUTH: z.enum(["none", "api-key"], { error: "expected none or api-key" }).default("none"),
  API_KEYS: variable("<tenant>:<sha256 of the key, in hexadecimal>, comma-separated", readApiKeys).default([]),
  /** Requests under /v1 of one tenant, or of one address while there are none; 0 is no limit. */
  RATE_LIMIT_PER_MINUTE: numberVariable(0, 1_000_000_000).default(600_000),
  /** Where fal's hosts are found instead: there are the keys that its callbacks are signed with. */
  FAL_BASE_URL: variable("an http or https URL", (text) => (/^https?:\/\//.test(text) ? text : undefined)).optional(),
  /** Of Replicate's `GET /v1/webhooks/default/secret`; without it its callbacks are not taken. */
  REPLICATE_WEBHOOK_SECRET: variable("whsec_ and a key in base64", readWebhookSecret).optional(),
  /** Where people look at traces, in the console's links. */
  TRACE_URL_TEMPLATE: variable("an http or https URL with {traceId} in it", readTraceUrlTemplate).optional(),
  /** Generations that may be pending over all orders before new ones are refused. */
  QUEUE_LIMIT: numberVariable(1, 1_000_000_000).default(1_000_000),
});
export type Config = z.infer<typeof variables>;

/**
 * The service's configuration from environment variables.
 * @throws ConfigError with one readable line per bad variable.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const config = readVariables(variables, environment);
  if (config.AUTH === "none" && !loopbackHosts.test(config.HOST)) {
    const reason = `AUTH: none would let everyone who reaches ${config.HOST} place orders; set AUTH=api-key and API_KEYS, or HOST=127.0.0.1`;
    throw new ConfigError([reason]);
  }
  if (config.AUTH === "api-key" && config.API_KEYS.length === 0) {
    throw new ConfigError(["API_KEYS: expected at least one <tenant>:<sha256 of the key> while AUTH is api-key"]);
  }
  return config;
}
