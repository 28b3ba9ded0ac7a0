import { z } from "zod";
import { faultRuleSchema } from "./faults/fault-rule.ts";
import type { ProviderSandboxOptions } from "./index.ts";

/** A variable that cannot be used; the message is one line that names it. */
export class ConfigError extends Error {}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const concurrency = z
  .string()
  .regex(/^(\d+|(fal|replicate)=\d+(,(fal|replicate)=\d+)?)$/, "must look like 500 or fal=40,replicate=100")
  .transform((text) => {
    if (!text.includes("=")) return Number(text);
    return Object.fromEntries(text.split(",").map((part) => [part.split("=")[0], Number(part.split("=")[1])]));
  });

const rules = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "must be a JSON list of fault rules" });
      return z.NEVER;
    }
  })
  .pipe(z.array(faultRuleSchema));

const environmentSchema = z.object({
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535).default(8090),
  SANDBOX_LATENCY_MS: wholeNumber(0, 3_600_000).optional(),
  SANDBOX_CONCURRENCY: concurrency.optional(),
  SANDBOX_SEED: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  SANDBOX_MAX_IMAGE_EDGE_PX: wholeNumber(1, 4096).optional(),
  SANDBOX_LEDGER_ROWS: wholeNumber(1, 10_000_000).optional(),
  SANDBOX_RETENTION_MS: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  SANDBOX_REPLICATE_CREATES_PER_MINUTE: wholeNumber(0, 1_000_000).optional(),
  SANDBOX_RULES: rules.optional(),
});

/** Reads the sandbox's options from environment variables. Throws a ConfigError that names the first bad one. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ProviderSandboxOptions {
  // An empty variable means the default, as `PORT= node …` and compose files leave it.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const [name, ...path] = issue?.path ?? [];
    const where = path.length > 0 ? ` at ${path.join(".")}` : "";
    throw new ConfigError(
      `${String(name)}${where}: ${issue?.message} (it is ${JSON.stringify(environment[String(name)])})`,
    );
  }
  const { data } = parsed;
  return {
    host: data.HOST,
    port: data.PORT,
    latencyMs: data.SANDBOX_LATENCY_MS,
    concurrency: data.SANDBOX_CONCURRENCY,
    seed: data.SANDBOX_SEED,
    maxImageEdgePx: data.SANDBOX_MAX_IMAGE_EDGE_PX,
    ledgerRows: data.SANDBOX_LEDGER_ROWS,
    retentionMs: data.SANDBOX_RETENTION_MS,
    replicateCreatesPerMinute: data.SANDBOX_REPLICATE_CREATES_PER_MINUTE,
    rules: data.SANDBOX_RULES,
  };
}
