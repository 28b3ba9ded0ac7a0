import { consumersFor, orderCreatedConsumer, workConsumer } from "@tirage/contracts";
import { announcePresence, applyTopology, connectBroker, consume } from "@tirage/messaging";
import { meter, type ServiceContext } from "@tirage/service-kit";
import { createBacklog } from "./adapters/backlog.ts";
import { createRunQueue } from "./adapters/run-queue.ts";
import { createTurnSource } from "./adapters/turn-source.ts";
import type { Config } from "./config.ts";
import { startDispatchLoop } from "./dispatch-loop.ts";
import { onOrderCreated } from "./handlers/order-created.ts";
import { startTurnSweep } from "./sweep-turns.ts";

/** Orders written into the run queue at once: each is two publishes, so it is the broker's round trip that is shared. */
const ordersAtOnce = 64;

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
  resources.use(startTurnSweep(runQueue, logger));
  resources.use(consume(broker, onOrderCreated({ runQueue }), { slots: ordersAtOnce, ahead: true }));
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
