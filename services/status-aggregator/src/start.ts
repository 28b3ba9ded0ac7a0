import { itemEventsConsumer, orderRecountConsumer } from "@tirage/contracts";
import { createPool } from "@tirage/database";
import { announcePresence, applyTopology, connectBroker, consume, consumeBatches } from "@tirage/messaging";
import { meter, type ServiceContext } from "@tirage/service-kit";
import { createRollupStore, rollupSessionSettings } from "./adapters/rollup-store.ts";
import type { Config } from "./config.ts";
import { createItemEventsHandler } from "./handlers/item-events.ts";
import { createRecountHandler } from "./handlers/order-recount-requested.ts";
import { createRetryHandler, retryConsumer } from "./handlers/order-retry-requested.ts";
import { createBatchMetrics } from "./metrics.ts";

const service = "status-aggregator";

/** One for the batch in hand, one for each request, and the rest for readiness. */
const maximumConnections = 6;

/** A batch that Postgres applies in some tens of milliseconds; more brings next to nothing. */
const batchLimits = { maximumEvents: 2_000, prefetch: 1_000 };

/** Requests about orders that are handled at once: each holds a connection. */
const requestSlots = 2;

/** Wires the service and starts it; everything it holds is released through the context's resources. */
export async function start({
  config,
  logger,
  resources,
  readiness,
  instanceId,
  version,
  startedAt,
  serveOperations,
}: ServiceContext<Config>): Promise<void> {
  const pool = createPool({
    databaseUrl: config.DATABASE_URL,
    applicationName: service,
    max: maximumConnections,
    onError: (error) => logger.warn({ error: error.message }, "database connection was lost"),
    sessionSettings: rollupSessionSettings,
  });
  resources.defer(() => pool.end());
  readiness.require("database", async () => (await pool.query("SELECT 1")).rowCount === 1);
  await serveOperations();

  const broker = resources.use(
    await connectBroker({
      servers: config.NATS_URL,
      service,
      logger,
      user: config.NATS_USER,
      password: config.NATS_PASSWORD,
      credentials: config.NATS_CREDS,
    }),
  );
  readiness.require("broker", () => broker.isConnected());
  await applyTopology(broker, [itemEventsConsumer, retryConsumer, orderRecountConsumer]);
  const presence = { service, id: instanceId, version, startedAt: startedAt.toISOString() };
  resources.use(announcePresence(broker, () => presence));

  const observer = createBatchMetrics(meter);
  const store = createRollupStore(pool);
  resources.use(consumeBatches(broker, createItemEventsHandler({ store, observer, logger }), batchLimits));
  resources.use(consume(broker, createRetryHandler({ store }), { slots: requestSlots, ahead: false }));
  resources.use(consume(broker, createRecountHandler({ store }), { slots: requestSlots, ahead: false }));
  logger.info({ durable: itemEventsConsumer.durable }, "item events are consumed");
}
