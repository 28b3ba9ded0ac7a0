import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { migrate } from "@tirage/database";
import { requireDiskSpace } from "./disk-space.ts";
import { removeDataFolder } from "./infrastructure/postgres-data.ts";
import {
  formatCallbackVariables,
  formatProviderVariables,
  type ProviderChoice,
  type ProviderPlan,
  planProviders,
} from "./plan-providers.ts";
import { planSandbox, planServices, type ServicePlanOptions } from "./plan-services.ts";
import { readReplicateSecret } from "./read-replicate-secret.ts";
import { lockDataDirectory } from "./stack-lock.ts";
import { createStackParts, type StackParts, stopRanks } from "./stack-parts.ts";
import { choosePorts } from "./stack-ports.ts";
import { type StartContext, startBroker, startDatabase, superviseNode } from "./start-infrastructure.ts";
import type { Supervised } from "./supervise.ts";

type Environment = Record<string, string | undefined>;

/** Where the servers are found. */
export interface ServerUrls {
  databaseUrl: string;
  natsUrl: string;
}

export interface LocalStackOptions {
  /** Holds `postgres`, `nats`, `blobs` and `logs`; kept between starts. One stack at a time may use it. */
  dataDirectory: string;
  /** Of order-api; 0 (default) is any free port. */
  apiPort?: number;
  /** Generator replicas (2). */
  generators?: number;
  /** Default `auto`: the real provider where the environment has a key, else the sandbox. */
  provider?: ProviderChoice;
  /** Removes what is in the data folder first. */
  reset?: boolean;
  /**
   * What every process gets, before the stack's own variables. DATABASE_URL and NATS_URL are used instead of starting
   * servers, FAL_BASE_URL and REPLICATE_BASE_URL instead of the sandbox. Default: nothing.
   */
  environment?: Environment;
  /**
   * Where the services find the database and the broker, when not where these are: a test puts a proxy in between. Told
   * once both run.
   */
  addressServers?: (servers: ServerUrls) => Promise<ServerUrls>;
  /** Aborting it undoes a start that is under way. */
  signal?: AbortSignal;
  /** Told in one line what happens: what is fetched, what dies, what comes back. */
  report?: (line: string) => void;
  /** Told every line that a process logs; without it they go to the log files alone. */
  onLog?: (name: string, line: string) => void;
}

/** One service of the stack. */
export interface StackService extends Supervised {
  /** Of its own HTTP port: `/healthz`, `/readyz`, `/metrics`. */
  readonly url: string;
}

/** A running stack. Disposal is `stop`. */
export interface LocalStack extends AsyncDisposable {
  readonly apiUrl: string;
  /** Origin of the provider sandbox (`/__ledger`, `/__control`); undefined when no provider needs it. */
  readonly sandboxUrl: string | undefined;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** What the database and the broker are, for a person to read. */
  readonly databaseSource: string;
  readonly natsSource: string;
  readonly dataDirectory: string;
  readonly providers: ProviderPlan;
  /** order-api, dispatcher, status-aggregator, generator-1 … */
  readonly services: readonly StackService[];
  /** Postgres, NATS and provider-sandbox, as far as the stack runs them. */
  readonly infrastructure: readonly Supervised[];
  /** Stops everything in order; nothing is left behind. */
  stop(): Promise<void>;
}

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Starts Postgres, NATS, the provider sandbox, migrations, the four services and the generators on this machine, and
 * resolves when all of them are ready. What dies is started again. A failed start leaves nothing behind.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { environment = {}, generators = 2 } = options;
  const dataDirectory = resolve(options.dataDirectory);
  const providers = planProviders(options.provider ?? "auto", environment);
  await using undo = new AsyncDisposableStack();
  undo.use(await lockDataDirectory(dataDirectory));
  await prepareFolders(dataDirectory, options.reset ?? false);
  await requireDiskSpace(dataDirectory);
  const ports = await choosePorts(options.apiPort ?? 0, generators);

  const parts = createStackParts();
  undo.defer(() => parts.stop());
  const context = createContext(options, dataDirectory, parts);
  const shared = { repository, dataDirectory, environment, ...(options.onLog && { onLog: options.onLog }) };
  const [database, broker, sandbox] = await context.whole([
    startDatabase(context),
    startBroker(context),
    providers.needsSandbox ? startSandbox(context, shared, ports) : undefined,
  ]);
  await context.whole([migrate(database.url)]);
  const sandboxUrl = sandbox && `http://127.0.0.1:${ports["provider-sandbox"]}`;
  const apiUrl = `http://127.0.0.1:${ports["order-api"]}`;
  const callbackVariables = sandboxUrl
    ? formatCallbackVariables(providers, environment, {
        apiUrl,
        replicateSecret: await readReplicateSecret(sandboxUrl),
      })
    : {};
  const servers = { databaseUrl: database.url, natsUrl: broker.url };
  const services = await startServices(context, {
    ...shared,
    ports,
    generators,
    ...((await options.addressServers?.(servers)) ?? servers),
    providerVariables: { ...formatProviderVariables(providers, environment, sandboxUrl), ...callbackVariables },
  });

  const running = undo.move();
  const stop = () => running.disposeAsync();
  return {
    apiUrl,
    sandboxUrl,
    ...servers,
    databaseSource: database.source,
    natsSource: broker.source,
    dataDirectory,
    providers,
    services,
    infrastructure: [database.process, broker.process, sandbox].filter((part) => part !== undefined),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface WholeContext extends StartContext {
  /**
   * Waits for all of them or throws the first error, with none of them still under way: the abort of the start, by
   * its caller or by an error, ends the others first.
   */
  whole<Starts extends readonly unknown[]>(
    starts: Starts,
  ): Promise<{ -readonly [K in keyof Starts]: Awaited<Starts[K]> }>;
}

function createContext(options: LocalStackOptions, dataDirectory: string, parts: StackParts): WholeContext {
  const undoing = new AbortController();
  const signal = AbortSignal.any([undoing.signal, ...(options.signal ? [options.signal] : [])]);
  return {
    dataDirectory,
    environment: options.environment ?? {},
    parts,
    report: options.report ?? (() => {}),
    signal,
    async whole(starts) {
      const stopParts = () => void parts.stop();
      signal.addEventListener("abort", stopParts);
      try {
        signal.throwIfAborted();
        const results = await Promise.all(starts);
        signal.throwIfAborted();
        return results;
      } catch (error) {
        undoing.abort(error);
        await Promise.allSettled(starts);
        throw signal.reason; // the first of the two: why the caller aborted, or the error
      } finally {
        signal.removeEventListener("abort", stopParts);
      }
    },
  };
}

async function prepareFolders(dataDirectory: string, reset: boolean): Promise<void> {
  if (reset) {
    await removeDataFolder(join(dataDirectory, "postgres"));
    for (const name of ["nats", "blobs", "logs"]) await rm(join(dataDirectory, name), { recursive: true, force: true });
  }
  for (const name of ["blobs", "logs"]) await mkdir(join(dataDirectory, name), { recursive: true });
}

type SharedPlan = Pick<ServicePlanOptions, "repository" | "dataDirectory" | "environment" | "onLog">;

function startSandbox(context: WholeContext, shared: SharedPlan, ports: Record<string, number>): Promise<Supervised> {
  const definition = planSandbox(shared, ports["provider-sandbox"] ?? 0);
  return context.parts.start(superviseNode(definition, context.report), stopRanks.sandbox);
}

function startServices(context: WholeContext, plan: ServicePlanOptions): Promise<StackService[]> {
  const starts = planServices(plan).map(async (definition) => {
    const isConsumer = definition.name === "dispatcher" || definition.name === "status-aggregator";
    const service = superviseNode(definition, context.report);
    await context.parts.start(service, isConsumer ? stopRanks.consumers : stopRanks.doors);
    return Object.assign(service, { url: new URL(definition.readyUrl).origin });
  });
  return context.whole(starts);
}
