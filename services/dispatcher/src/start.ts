import { consumersFor, orderCreatedConsumer, workConsumer } from "@tirage/contracts";
import { createPool } from "@tirage/database";
import {
  announcePresence,
  applyTopology,
  type Broker,
  connectBroker,
  consume,
  createDropSettled,
} from "@tirage/messaging";
import { meter, type ServiceContext } from "@tirage/service-kit";
import { createBacklog } from "./adapters/backlog.ts";
import { endLostItems } from "./adapters/end-lost-items.ts";
import { createOpenOrders, openOrdersSessionSettings } from "./adapters/open-orders.ts";
import { createQueuePositions } from "./adapters/queue-positions.ts";
import { createRunQueue } from "./adapters/run-queue.ts";
import { createTurnSource } from "./adapters/turn-source.ts";
import type { Config } from "./config.ts";
import { startDispatchLoop } from "./dispatch-loop.ts";
import { onOrderCancelRequested } from "./handlers/order-cancel-requested.ts";
import { onOrderCreated } from "./handlers/order-created.ts";
import { onOrderRetryRequested } from "./handlers/order-retry-requested.ts";
import { onOrderTopUpRequested } from "./handlers/order-top-up-requested.ts";
import { onWorkDue } from "./handlers/work-due.ts";
import type { OpenOrders } from "./ports.ts";
import { createReconciler, type Reconciler } from "./reconcile.ts";
import { startReconciling } from "./reconcile-loop.ts";
import { startTurnSweep } from "./sweep-turns.ts";

/** Orders written into the run queue at once: each is two publishes, so it is the broker's round trip that is shared. */
const ordersAtOnce = 64;
/** Requests about orders that are handled at once: each reads from Postgres. */
const requestsAtOnce = 4;
/** One for the reconciler, the others for requests. */
const maximumConnections = 4;

function reconcile({ config, logger, resources }: ServiceContext<Config>, broker: Broker): OpenOrders {
  const pool = createPool({
    databaseUrl: config.DATABASE_URL,
    applicationName: "dispatcher",
    max: maximumConnections,
    onError: (error) => logger.warn({ error: error.message }, "database connection was lost"),
    sessionSettings: openOrdersSessionSettings,
  });
  resources.defer(() => pool.end());
  const openOrders = createOpenOrders(pool);
  const redispatched = meter.createCounter("reconciler_redispatched", {
    description: "Generations that were on no queue and are dispatched again. 0 while nothing is lost.",
  });
  const amnesia = meter.createCounter("broker_amnesia", { description: "How often the broker had lost its data." });
  const sweeps = meter.createCounter("tirage_reconciler_sweeps", {
    description:
      "How often Postgres and the queues were compared, by outcome; `elsewhere`: another dispatcher was at it.",
  });
  redispatched.add(0);
  amnesia.add(0);
  const reconciler = createReconciler({
    openOrders,
    positions: createQueuePositions(broker),
    runQueue: createRunQueue(broker),
    logger,
    onRedispatched: (count) => redispatched.add(count),
    onAmnesia: () => amnesia.add(1),
    endLostItems: (provider, lost) => endLostItems(pool, provider, lost),
  });
  const counted: Reconciler = {
    async sweep() {
      const outcome = await reconciler.sweep();
      sweeps.add(1, { outcome });
      return outcome;
    },
  };
  resources.use(startReconciling(counted, { everyMs: config.RECONCILE_EVERY_MS, logger }));
  return openOrders;
}

/** The readers of streams that hold a message until it is settled. */
const workQueuesOf = (concurrencyOfProvider: Readonly<Record<string, number>>) =>
  consumersFor(concurrencyOfProvider).filter(({ stream }) => stream.retention === "workqueue");

/** Starts the dispatcher. Holds no state: any number may run, and the broker's sequences decide between them. */
export async function start(context: ServiceContext<Config>): Promise<void> {
  const { config, logger, resources, readiness, instanceId, version, startedAt } = context;
  const { concurrencyOfProvider } = config;
  await context.serveOperations();
  const broker = resources.use(
    await connectBroker({
      servers: config.NATS_URL,
      service: "dispatcher",
      logger,
      user: config.NATS_USER,
      password: config.NATS_PASSWORD,
      credentials: config.NATS_CREDS,
    }),
  );
  readiness.require("broker", () => broker.isConnected());
  await applyTopology(
    broker,
    consumersFor(concurrencyOfProvider).filter(({ service }) => service === "dispatcher" || service === "generator"),
  );

  const runQueue = createRunQueue(broker);
  const dispatched = meter.createCounter("tirage_generations_dispatched", {
    description: "Generations put on the work queue.",
  });
  for (const [provider, concurrency] of Object.entries(concurrencyOfProvider)) {
    const backlog = createBacklog(broker, workConsumer(provider, concurrency), concurrency);
    const turns = createTurnSource(broker, provider);
    const onDispatched = (count: number) => dispatched.add(count, { provider });
    resources.use(startDispatchLoop({ provider, concurrency, runQueue, turns, backlog, logger, onDispatched }));
  }
  const drops = workQueuesOf(concurrencyOfProvider).map((consumer) => createDropSettled(broker, consumer));
  const dropSettled = async () => {
    for (const drop of drops) await drop();
  };
  resources.use(startTurnSweep(runQueue, { logger, dropSettled }));
  resources.use(consume(broker, onOrderCreated({ runQueue }), { slots: ordersAtOnce, ahead: true }));
  resources.use(consume(broker, onOrderCancelRequested({ runQueue }), { slots: requestsAtOnce, ahead: false }));
  resources.use(consume(broker, onWorkDue({ runQueue }), { slots: ordersAtOnce, ahead: true }));
  const openOrders = reconcile(context, broker);
  for (const handler of [
    onOrderRetryRequested({ runQueue, openOrders }),
    onOrderTopUpRequested({ runQueue, openOrders }),
  ]) {
    resources.use(consume<typeof handler.consumer>(broker, handler, { slots: requestsAtOnce, ahead: false }));
  }
  resources.use(
    announcePresence(broker, () => ({
      service: "dispatcher",
      id: instanceId,
      version,
      startedAt: startedAt.toISOString(),
    })),
  );
  logger.info({ consumes: [orderCreatedConsumer.durable], providers: concurrencyOfProvider }, "dispatcher is ready");
}
