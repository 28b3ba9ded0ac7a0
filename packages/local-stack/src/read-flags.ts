import { parseArgs } from "node:util";
import type { ProviderChoice } from "./plan-providers.ts";

/** What `npm start` was asked for. */
export interface Flags {
  generators: number;
  provider: ProviderChoice;
  reset: boolean;
  open: boolean;
  port: number;
  /** Undefined: `.tirage` in the repository. */
  dataDirectory: string | undefined;
  verbose: boolean;
  /** Play the demo once all is ready. */
  demo: boolean;
  /** Stop once the demo has ended. */
  exit: boolean;
  help: boolean;
}

/** A command line that cannot be followed; the message is one line. */
export class UsageError extends Error {
  override name = "UsageError";
}

const mostGenerators = 32;

export const usage = `Usage: npm start [-- options]

Starts the whole system on this machine: Postgres, NATS, the provider sandbox, the four services and the generators.

  --generators N            generator replicas, 0 to ${mostGenerators} (2)
  --provider sandbox|real   sandbox: no call leaves this machine; real: only providers that have a key.
                            Without it: real where FAL_KEY or REPLICATE_API_TOKEN is set, else the sandbox
  --port N                  of the API (8080)
  --data-dir PATH           where orders, products and logs are kept (.tirage)
  --reset                   begin anew: removes what is kept there
  --demo                    play a minute of it: an order during which a call fails, one comes back short and a
                            generator is killed; with the sandbox only
  --exit                    after the demo stop, with exit code 1 if it did not end as it should
  --no-open                 do not open a browser
  --verbose                 show what the services log
  --help                    this text

Environment: DATABASE_URL and NATS_URL are used instead of starting servers, FAL_BASE_URL and REPLICATE_BASE_URL instead
of the sandbox. NATS_SERVER_BIN names the nats-server to run. FAL_KEY and REPLICATE_API_TOKEN make a provider real. All
others, such as PROVIDER_CONCURRENCY, API_KEYS or LOG_LEVEL, reach the services; the README lists them.
`;

/** Reads the parameters of `npm start`. Throws a UsageError that names what is wrong. */
export function readFlags(parameters: string[]): Flags {
  const values = parse(parameters);
  if (values.exit && !values.demo) throw new UsageError("--exit ends the demo: give --demo with it");
  return {
    generators: readWhole("--generators", values.generators, 0, mostGenerators),
    provider: readProvider(values.provider),
    reset: values.reset,
    open: values.open,
    port: readWhole("--port", values.port, 1, 65_535),
    dataDirectory: values["data-dir"],
    verbose: values.verbose,
    demo: values.demo,
    exit: values.exit,
    help: values.help,
  };
}

function parse(parameters: string[]) {
  try {
    return parseArgs({
      args: parameters,
      allowNegative: true,
      options: {
        generators: { type: "string", default: "2" },
        provider: { type: "string", default: "auto" },
        port: { type: "string", default: "8080" },
        "data-dir": { type: "string" },
        reset: { type: "boolean", default: false },
        open: { type: "boolean", default: true },
        verbose: { type: "boolean", default: false },
        demo: { type: "boolean", default: false },
        exit: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${sentence}; --help lists the options`);
  }
}

function readWhole(flag: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
}

function readProvider(text: string): ProviderChoice {
  if (text === "sandbox" || text === "real" || text === "auto") return text;
  throw new UsageError(`--provider must be sandbox or real, not ${JSON.stringify(text)}`);
}
