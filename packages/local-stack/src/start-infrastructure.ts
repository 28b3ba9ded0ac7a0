import { join } from "node:path";
import { findFreePort, findNatsServer, startNats, startPostgres } from "./infrastructure/index.ts";
import { type StackParts, stopRanks } from "./stack-parts.ts";
import { type NodeProcess, startNodeProcess } from "./start-node-process.ts";
import { type Supervised, supervise } from "./supervise.ts";

/** What starting a part needs to know. */
export interface StartContext {
  dataDirectory: string;
  environment: Record<string, string | undefined>;
  parts: StackParts;
  report: (line: string) => void;
  /** Aborted when the start is to be undone. */
  signal: AbortSignal;
}

/** A server that the stack uses. */
export interface UsedServer {
  url: string;
  /** What it is, for a person to read. */
  source: string;
  /** Undefined when it is not the stack's own. */
  process: Supervised | undefined;
}

/** The database of DATABASE_URL, or Postgres in the data folder. */
export async function startDatabase({ dataDirectory, environment, parts, report }: StartContext): Promise<UsedServer> {
  if (environment.DATABASE_URL) {
    return { url: environment.DATABASE_URL, source: "yours (DATABASE_URL)", process: undefined };
  }
  const port = await findFreePort(); // the same for every restart: the services keep the address
  let url = "";
  const process = await parts.start(
    supervise({
      name: "Postgres",
      report,
      start: async () => {
        const postgres = await startPostgres({ dataDirectory: join(dataDirectory, "postgres"), port, report });
        url = postgres.url;
        return postgres;
      },
    }),
    stopRanks.database,
  );
  return { url, source: `embedded, 127.0.0.1:${port}`, process };
}

/** The broker of NATS_URL, or a NATS server, found or fetched, in the data folder. */
export async function startBroker(context: StartContext): Promise<UsedServer> {
  const { dataDirectory, environment, parts, report, signal } = context;
  if (environment.NATS_URL) return { url: environment.NATS_URL, source: "yours (NATS_URL)", process: undefined };
  const server = await findNatsServer({ environment, report, signal });
  const ports = { port: await findFreePort(), monitorPort: await findFreePort() };
  let url = "";
  const process = await parts.start(
    supervise({
      name: "NATS",
      report,
      start: async () => {
        const storeDirectory = join(dataDirectory, "nats");
        const nats = await startNats({ program: server.path, storeDirectory, ...ports, report });
        url = nats.url;
        return nats;
      },
    }),
    stopRanks.broker,
  );
  const source = `${server.version} from ${server.source}, 127.0.0.1:${ports.port}, monitor http://127.0.0.1:${ports.monitorPort}`;
  return { url, source, process };
}

/** A Node process of the stack, supervised. */
export function superviseNode(definition: NodeProcess, report: (line: string) => void): Supervised {
  return supervise({
    name: definition.name,
    report,
    start: (signal) => startNodeProcess(definition, signal),
  });
}
