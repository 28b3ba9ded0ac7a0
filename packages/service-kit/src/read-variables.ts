/** Environment variables, read once at the door and explained when they are wrong. */
import type { z } from "zod";
import { ConfigError } from "./config-error.ts";

/** Names whose values are never repeated, not even in the message that refuses them. */
const secretName = /KEY|TOKEN|SECRET|PASSWORD|CREDS/;
/** From the scheme to the last `@`: a password may itself hold `@` or `/`. */
const credentials = /^([a-z0-9+]+:\/\/)?.*@/i;
const longestShownValue = 120;

/**
 * Reads the variables of a schema whose keys are their names. A variable set to nothing counts as not set, which is
 * how compose files and charts pass an absent one.
 * @throws ConfigError with a line such as `PORT: expected a number from 0 to 65535, got "abc"` for each bad variable.
 */
export function readVariables<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = new Map<string, string>();
  for (const issue of result.error.issues) {
    const name = String(issue.path[0] ?? "environment");
    if (!lines.has(name)) lines.set(name, `${name}: ${expectationOf(issue.message)}, got ${show(name, given[name])}`);
  }
  throw new ConfigError([...lines.values()], { cause: result.error });
}

/** zod's own messages begin with a verdict and end with the received type; the value itself says more than both. */
function expectationOf(message: string): string {
  return message.replace(/^[A-Z][a-z]+ \w+: (?=expected)/, "").replace(/, received \w+$/, "");
}

function show(name: string, value: string | undefined): string {
  if (value === undefined) return "nothing";
  if (secretName.test(name)) return "a value that is not shown";
  return JSON.stringify(value.replace(credentials, "$1***@").slice(0, longestShownValue));
}
