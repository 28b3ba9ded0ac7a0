/** The variables that several services share, as raw shapes to compose: `z.object({ ...commonVariables(8081), … })`. */
import { z } from "zod";
import { numberVariable, readList, variable } from "./variable.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** HOST, PORT (0 = any free port), LOG_LEVEL, SHUTDOWN_GRACE_MS and EVENT_LOOP_LIMIT_MS: all have a default. */
export const commonVariables = (defaultPort: number) => ({
  HOST: variable("a host name or address", (text) => (/^[\w.:-]+$/.test(text) ? text : undefined)).default("127.0.0.1"),
  PORT: numberVariable(0, 65_535).default(defaultPort),
  LOG_LEVEL: z.enum(logLevels, { error: `expected one of ${logLevels.join(", ")}` }).default("info"),
  // Less than the 30 s after which Kubernetes kills, and long enough to hand back what is held.
  SHUTDOWN_GRACE_MS: numberVariable(0, 600_000).default(10_000),
  // Less than the leases: a process that stood still for longer no longer has what it holds.
  EVENT_LOOP_LIMIT_MS: numberVariable(100, 600_000).default(20_000),
});

/** DATABASE_URL, required. */
export const databaseVariables = {
  DATABASE_URL: variable("postgres://user:password@host:port/database", (text) =>
    isUrlOf(text, ["postgres:", "postgresql:"]) ? text : undefined,
  ),
};

/** NATS_URL, required, as a list of servers; the credentials are optional. NATS_CREDS is a credentials file's content. */
export const natsVariables = {
  NATS_URL: variable("nats://host:port, or several separated by commas", (text) =>
    readList(text)?.every((server) => isUrlOf(server, ["nats:", "tls:"])) ? readList(text) : undefined,
  ),
  NATS_CREDS: variable("the content of a NATS credentials file", (text) =>
    text.includes("-----BEGIN NATS USER JWT-----") ? text : undefined,
  ).optional(),
  NATS_USER: z.string().optional(),
  NATS_PASSWORD: z.string().optional(),
};

function isUrlOf(text: string, protocols: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && protocols.includes(url.protocol) && url.hostname !== "";
}
