import { unbilledProvider } from "@tirage/contracts";
import {
  commonVariables,
  databaseVariables,
  natsVariables,
  numberVariable,
  providerVariables,
  readVariables,
  variable,
} from "@tirage/service-kit";
import { z } from "zod";
import { submitTimeoutMs } from "./domain/submit-rules.ts";

const httpUrl = variable("an http or https URL", (text) =>
  ["http:", "https:"].includes(URL.parse(text)?.protocol ?? "") ? text : undefined,
);

/** The key that a provider's account is reached with. */
const keyOfProvider = { fal: "FAL_KEY", replicate: "REPLICATE_API_TOKEN" } as const;

const variables = z
  .object({
    ...commonVariables(8082),
    ...natsVariables,
    ...databaseVariables,
    ...providerVariables,
    // A submit that has left must be answered and recorded before the process ends.
    SHUTDOWN_GRACE_MS: numberVariable(0, 600_000).default(submitTimeoutMs + 5_000),
    FAL_KEY: z.string().optional(),
    FAL_BASE_URL: httpUrl.optional(),
    REPLICATE_API_TOKEN: z.string().optional(),
    REPLICATE_BASE_URL: httpUrl.optional(),
    WORKER_CONCURRENCY: numberVariable(1, 10_000).default(64),
    BLOB_URL: variable("file:///path or s3://bucket?endpoint=…&region=…", (text) =>
      ["file:", "s3:"].includes(URL.parse(text)?.protocol ?? "") ? text : undefined,
    ),
    PUBLIC_URL: httpUrl.optional(),
    // Long enough for a submit, with a margin for the claim before it and for late renewals.
    LEASE_MS: numberVariable(submitTimeoutMs + 2_000, 600_000).default(30_000),
    UNKNOWN_GRACE_MS: numberVariable(0, 86_400_000).default(120_000),
    // Submitting again after the grace may be paid twice: only on request, so often, and only up to this price of a call.
    ON_UNKNOWN_SUBMIT: z.enum(["fail", "resubmit"], { error: "expected fail or resubmit" }).default("fail"),
    UNKNOWN_RESUBMITS_MAX: numberVariable(0, 10).default(1),
    UNKNOWN_RESUBMIT_MAX_MICRO_USD: numberVariable(0, 1_000_000_000).default(100_000),
    GENERATION_TIMEOUT_MS: numberVariable(1_000, 86_400_000).default(900_000),
  })
  .superRefine((given, context) => {
    // An outcome may be called unknown only when whoever submitted can no longer be about to record the answer.
    const shortestGraceMs = given.LEASE_MS + submitTimeoutMs;
    if (given.UNKNOWN_GRACE_MS < shortestGraceMs) {
      const message = `expected at least LEASE_MS + ${submitTimeoutMs}, which is ${shortestGraceMs}`;
      context.addIssue({ code: "custom", path: ["UNKNOWN_GRACE_MS"], message });
    }
    for (const provider of given.PROVIDERS) {
      if (provider === unbilledProvider) continue;
      const key = keyOfProvider[provider as keyof typeof keyOfProvider];
      if (key === undefined) {
        const message = `expected names among fal, replicate and ${unbilledProvider}`;
        context.addIssue({ code: "custom", path: ["PROVIDERS"], message });
      } else if (given[key] === undefined) {
        context.addIssue({
          code: "custom",
          path: [key],
          message: `expected a key, since PROVIDERS enables ${provider}`,
        });
      }
    }
  });

/** The word that stands for a key where a provider is its sandbox; no real provider takes it. */
const sandboxKey = "sandbox";

/** The enabled providers whose calls cost nothing. */
export const sandboxedProviders = (config: Config): string[] =>
  [
    ...(config.FAL_BASE_URL && config.FAL_KEY === sandboxKey ? ["fal"] : []),
    ...(config.REPLICATE_BASE_URL && config.REPLICATE_API_TOKEN === sandboxKey ? ["replicate"] : []),
  ].filter((name) => config.PROVIDERS.includes(name));

export type Config = z.infer<typeof variables>;

/** @throws ConfigError with one line for each bad variable. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  return readVariables(variables, environment);
}
