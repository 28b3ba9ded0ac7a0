/** The whole service in process, by its own wiring, over real Postgres and NATS. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { streams } from "@tirage/contracts";
import { createPool } from "@tirage/database";
import { type Broker, connectBroker, listSubjects } from "@tirage/messaging";
import { createLogger, type ServiceContext } from "@tirage/service-kit";
import { createTestDatabase, eventually, startTestNats, type TestNats } from "@tirage/testkit";

import type pg from "pg";
import { type Config, readConfig } from "../src/config.ts";
import type { App } from "../src/dependencies.ts";
import { start } from "../src/start.ts";

/** What `inject` answers. */
export type InjectedResponse = Awaited<ReturnType<App["inject"]>>;

const quiet = { service: "test", instanceId: "test", level: "silent" };
const testClient = { service: "test", logger: createLogger(quiet) };
const textOf = (payload: unknown): string => (typeof payload === "string" ? payload : JSON.stringify(payload));

export interface TestOrderApi extends AsyncDisposable {
  readonly config: Config;
  readonly app: App;
  /** Of the test, into the service's database. */
  readonly pool: pg.Pool;
  readonly nats: TestNats;
  /** Of the test, to the service's broker. */
  readonly broker: Broker;
  readonly blobFolder: string;
  post(url: string, payload: unknown, headers?: Record<string, string>): Promise<InjectedResponse>;
  /** Subjects of the messages about orders that reached the broker. */
  subjects(): Promise<readonly string[]>;
  /** How many rows the tables hold: orders, items, outbox, idempotency keys. */
  countRows(): Promise<{ orders: number; items: number; outbox: number; keys: number }>;
}

/** `environment` on top of what a local service needs; waits for the broker unless it is not there. */
export async function startOrderApi(
  environment: Record<string, string> = {},
  {
    isBrokerThere = true,
    beside,
  }: { isBrokerThere?: boolean /** Another replica, to share its servers. */; beside?: TestOrderApi } = {},
): Promise<TestOrderApi> {
  const resources = new AsyncDisposableStack();
  const databaseUrl = beside?.config.DATABASE_URL ?? resources.use(await createTestDatabase()).url;
  const nats = beside?.nats ?? resources.use(await startTestNats());
  const blobFolder = await mkdtemp(join(tmpdir(), "tirage-test-blobs-"));
  resources.defer(() => rm(blobFolder, { recursive: true, force: true }));
  const pool = createPool({ databaseUrl, applicationName: "test", max: 2, onError: () => {} });
  resources.defer(() => pool.end());
  const broker = beside?.broker ?? resources.use(await connectBroker({ servers: [nats.url], ...testClient }));
  const config = readConfig({
    PORT: "0",
    DATABASE_URL: databaseUrl,
    NATS_URL: nats.url,
    BLOB_URL: pathToFileURL(blobFolder).href,
    PROVIDERS: "fal,replicate,null",
    LOG_LEVEL: "silent",
    ...environment,
  });
  const context = createContext(config);
  resources.use(context.resources);
  const app = await start(context);
  if (isBrokerThere) await eventually(async () => (await app.inject("/readyz")).json().degraded.length === 0);
  return {
    config,
    app,
    pool,
    nats,
    broker,
    blobFolder,
    post: (url, payload, headers = {}) =>
      app.inject({
        method: "POST",
        url,
        headers: { "content-type": "application/json", ...headers },
        payload: textOf(payload),
      }),
    subjects: () => listSubjects(broker, streams.orders, "order.>"),
    async countRows() {
      const { rows } = await pool.query(`SELECT (SELECT count(*) FROM orders) AS orders,
        (SELECT count(*) FROM order_items) AS items, (SELECT count(*) FROM outbox) AS outbox,
        (SELECT count(*) FROM idempotency_keys) AS keys`);
      return rows[0];
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function createContext(config: Config): ServiceContext<Config> {
  const checks = new Map<string, () => boolean | Promise<boolean>>();
  return {
    config,
    logger: createLogger({ ...quiet, level: config.LOG_LEVEL }),
    resources: new AsyncDisposableStack(),
    instanceId: "test",
    version: "0.0.0",
    startedAt: new Date(),
    readiness: {
      require: (name, check) => void checks.set(name, check),
      async report() {
        const missing: string[] = [];
        for (const [name, check] of checks) {
          if (!(await Promise.resolve(check()).catch(() => false))) missing.push(name);
        }
        return { ready: missing.length === 0, missing };
      },
    },
    serveOperations: () => Promise.reject(new Error("order-api serves its own")),
  };
}

/** The example of the documents: ten images in three calls. */
export const tenImages = {
  provider: "fal",
  model: "fal-ai/flux/schnell",
  prompt: "a lighthouse at dusk",
  quantity: 10,
  batchSize: 4,
};
