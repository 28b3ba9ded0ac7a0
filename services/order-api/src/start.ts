import { createBlobStore } from "@tirage/blob-store";
import { orderDeleted } from "@tirage/contracts";
import { createPool } from "@tirage/database";
import { createPrisma } from "@tirage/database/prisma";
import { announcePresence, broadcast } from "@tirage/messaging";
import { providerConcurrency, type ServiceContext } from "@tirage/service-kit";
import { startBlobSweep } from "./adapters/blob-sweep.ts";
import { openBrokerConnection } from "./adapters/broker-connection.ts";
import { createCallbackInbox } from "./adapters/callback-inbox.ts";
import { createCallbackVerifiers } from "./adapters/callback-verifiers.ts";
import { createDeadLetters } from "./adapters/dead-letters.ts";
import { createHealthReader } from "./adapters/health-reader.ts";
import { createIdempotencyStore } from "./adapters/idempotency-store.ts";
import { createOperations } from "./adapters/operations.ts";
import { createOrderArchiver } from "./adapters/order-archiver.ts";
import { createOrderFeed } from "./adapters/order-feed.ts";
import { createOrderHints } from "./adapters/order-hints.ts";
import { createOrderLedgerReader } from "./adapters/order-ledger-reader.ts";
import { createOrderReader } from "./adapters/order-reader.ts";
import { createOrderRemover } from "./adapters/order-remover.ts";
import { createOrderRequests } from "./adapters/order-requests.ts";
import { createOrderWatcher } from "./adapters/order-watcher.ts";
import { createOrderWriter } from "./adapters/order-writer.ts";
import { createOutboxPublisher } from "./adapters/outbox-publisher.ts";
import { countUnpublished, startOutboxRelay } from "./adapters/outbox-relay.ts";
import { createPaceReader } from "./adapters/pace-reader.ts";
import { iterateProducts } from "./adapters/product-reader.ts";
import { createProviderPauses } from "./adapters/provider-pauses.ts";
import { createQueueGuard } from "./adapters/queue-guard.ts";
import { createRetryReader } from "./adapters/retry-reader.ts";
import { createThumbnails } from "./adapters/thumbnail-store.ts";
import { createWorkerDrains } from "./adapters/worker-drains.ts";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import type { App, Dependencies } from "./dependencies.ts";
import { createMetrics } from "./metrics.ts";

const service = "order-api";
const poolSize = 8;
const prismaPoolSize = 4;

/** Acquires everything onto the context's resources and listens; the broker may come later. Answers the application. */
export async function start(context: ServiceContext<Config>): Promise<App> {
  const { config, logger, resources, readiness } = context;
  const metrics = createMetrics();
  const { pool, prisma } = openDatabase(context);
  const connection = connectToBroker(context);
  const broker = connection.current;
  const outboxOptions = { pool, broker, logger, onPublished: metrics.published };
  metrics.observeUnpublished(() => countUnpublished(pool));
  resources.use(startOutboxRelay(outboxOptions));
  const outbox = createOutboxPublisher(outboxOptions);
  resources.defer(() => outbox.idle());
  const reader = createOrderReader({ pool, prisma });
  const orderRequests = createOrderRequests({ pool });
  const retryReader = createRetryReader({ pool });
  const blobs = resources.use(createBlobStore(config.BLOB_URL));
  const blobSweep = resources.use(startBlobSweep({ pool, blobs, logger }));
  const app = await createApp({
    logger,
    version: context.version,
    readiness,
    metrics,
    providers: config.PROVIDERS,
    apiKeys: config.AUTH === "api-key" ? config.API_KEYS : undefined,
    rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
    writer: createOrderWriter({ pool }),
    idempotency: createIdempotencyStore({ pool }),
    outbox,
    queueGuard: createQueueGuard({ pool, limit: config.QUEUE_LIMIT, logger }),
    reader,
    ledgerReader: createOrderLedgerReader({ pool }),
    orderRequests,
    orderRemover: createOrderRemover({
      pool,
      onRemoved(order) {
        blobSweep.sweepSoon();
        const current = broker();
        if (current) broadcast(current, orderDeleted.create(order));
      },
    }),
    retryReader,
    watcher: createOrderWatcher({ reader, broker }),
    feed: createOrderFeed({ reader, hints: resources.use(createOrderHints({ broker })) }),
    blobs,
    thumbnails: createThumbnails({ blobs, logger }),
    archiver: createOrderArchiver({ blobs, readProducts: (orderId) => iterateProducts(pool, orderId) }),
    callbackInbox: createCallbackInbox({ pool }),
    callbackVerifiers: createCallbackVerifiers({
      falBaseUrl: config.FAL_BASE_URL,
      replicateSecret: config.REPLICATE_WEBHOOK_SECRET,
    }),
    deadLetters() {
      const current = broker();
      if (!current?.isConnected()) return undefined;
      return createDeadLetters({ broker: current, pool, retryReader, orderRequests, outbox });
    },
    ...createOperatorParts(context, { pool, broker, blobs }),
  });
  resources.defer(() => app.close());
  await app.listen({ host: config.HOST, port: config.PORT });
  logger.info({ addresses: app.addresses(), auth: config.AUTH }, "orders are served");
  return app;
}

/** What operators ask for, and what a quote says of the time an order takes. */
function createOperatorParts(
  { config, logger, resources }: ServiceContext<Config>,
  { pool, broker, blobs }: Pick<Parameters<typeof createHealthReader>[0], "pool" | "broker" | "blobs">,
): Pick<Dependencies, "operations" | "providerPauses" | "workerDrains" | "healthReader" | "paceReader"> {
  const concurrency = { providerConcurrency: providerConcurrency(config) };
  const providerPauses = resources.use(createProviderPauses({ pool, broker, logger, ...concurrency }));
  const workerDrains = resources.use(createWorkerDrains({ pool, broker, logger }));
  const lists = { listPauses: providerPauses.list, listDrains: workerDrains.list };
  const operations = createOperations({ broker, ...lists, ...concurrency });
  return {
    operations,
    providerPauses,
    workerDrains,
    healthReader: createHealthReader({
      ...{ pool, broker, blobs, providers: config.PROVIDERS },
      traceUrlTemplate: config.TRACE_URL_TEMPLATE,
    }),
    paceReader: createPaceReader({ pool, operations, ...concurrency }),
  };
}

function openDatabase({ config, logger, resources, readiness }: ServiceContext<Config>) {
  const onError = (error: Error) => logger.warn({ err: error }, "database connection was lost");
  const options = { databaseUrl: config.DATABASE_URL, applicationName: service, onError };
  const pool = createPool({ ...options, max: poolSize });
  resources.defer(() => pool.end());
  const prisma = resources.use(createPrisma({ ...options, applicationName: `${service}-reads`, max: prismaPoolSize }));
  readiness.require("database", async () => (await pool.query("SELECT 1")).rowCount === 1);
  return { pool, prisma };
}

function connectToBroker({ config, logger, resources, instanceId, version, startedAt }: ServiceContext<Config>) {
  const connection = resources.use(
    openBrokerConnection({
      servers: config.NATS_URL,
      service,
      logger,
      user: config.NATS_USER,
      password: config.NATS_PASSWORD,
      credentials: config.NATS_CREDS,
    }),
  );
  // A server that is too old rejects here, unhandled on purpose: it ends the process with that reason.
  void connection.connected.then((broker) => {
    if (resources.disposed) return;
    const describe = () => ({ service, id: instanceId, version, startedAt: startedAt.toISOString() });
    resources.use(announcePresence(broker, describe));
  });
  return connection;
}
