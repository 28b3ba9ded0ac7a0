/** What the installation consists of right now, and what of it can be reached from here. */
import type { Health, Worker } from "@tirage/contracts";
import { type Broker, readPresence, withinTime } from "@tirage/messaging";
import type pg from "pg";
import type { BlobReader, HealthReader } from "../ports.ts";

/** Each is asked at once with the others; one that takes longer counts as away. */
const answerTimeoutMs = 2_000;
const serviceNames = ["order-api", "dispatcher", "generator", "status-aggregator"];
/** Nothing lies there: only whether the store answers matters. */
const probeKey = "health/none";

type Dependency = Health["dependencies"][number];

export function createHealthReader({
  pool,
  broker,
  blobs,
  providers,
  traceUrlTemplate,
}: {
  readonly pool: pg.Pool;
  readonly broker: () => Broker | undefined;
  readonly blobs: BlobReader;
  readonly providers: readonly string[];
  readonly traceUrlTemplate: string | undefined;
}): HealthReader {
  return {
    async readHealth() {
      const current = broker();
      const connected = current?.isConnected() ? current : undefined;
      const [database, store, present] = await Promise.all([
        probe("database", async () => (await pool.query("SHOW server_version")).rows[0].server_version),
        probe("store", async () => {
          await blobs.stat(probeKey);
          return null;
        }),
        connected && withinTime(readPresence(connected), answerTimeoutMs).catch(() => undefined),
      ]);
      const reached: Dependency = {
        name: "broker",
        reachable: present !== undefined,
        version: current?.serverVersion ?? null,
      };
      const services = present ? groupByService(present) : null;
      const dependencies = [database, reached, store];
      const isWhole =
        dependencies.every(({ reachable }) => reachable) && services?.every(({ replicas }) => replicas[0]);
      return {
        status: isWhole ? "ok" : "degraded",
        dependencies,
        services,
        providers: [...providers],
        traceUrlTemplate: traceUrlTemplate ?? null,
      };
    },
  };
}

async function probe(name: Dependency["name"], readVersion: () => Promise<string | null>): Promise<Dependency> {
  try {
    return { name, reachable: true, version: await withinTime(readVersion(), answerTimeoutMs) };
  } catch {
    return { name, reachable: false, version: null };
  }
}

/** Services that nobody expects (a newer installation's) are told too. */
function groupByService(present: readonly Worker[]): NonNullable<Health["services"]> {
  const names = new Set([...serviceNames, ...present.map(({ service }) => service)]);
  return [...names].map((service) => ({
    service,
    replicas: present
      .filter((replica) => replica.service === service)
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
  }));
}
