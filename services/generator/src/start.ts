/** Puts the generator together. What is acquired last is released first: work ends before what it works with. */
import { createBlobStore } from "@tirage/blob-store";
import {
  maximumAttempts,
  orderCancelConsumer,
  orderCancelRequested,
  type PayloadOf,
  unbilledProvider,
  workConsumer,
} from "@tirage/contracts";
import { createPool } from "@tirage/database";
import {
  announcePresence,
  applyTopology,
  type Broker,
  connectBroker,
  consume,
  createBundlingPublisher,
  type Presence,
  watchSubject,
} from "@tirage/messaging";
import { createLimit, providerConcurrency, type ServiceContext } from "@tirage/service-kit";
import { createProviders } from "./adapters/create-providers.ts";
import { createFetchOutput } from "./adapters/fetch-output.ts";
import { createMetricObservations } from "./adapters/metric-observations.ts";
import { createNullProvider } from "./adapters/null-provider.ts";
import { createPauseReader } from "./adapters/pause-reader.ts";
import { createPostgresLedger, ledgerSessionSettings } from "./adapters/postgres-ledger.ts";
import { createStoreProbe } from "./adapters/store-probe.ts";
import { type Config, sandboxedProviders } from "./config.ts";
import { describeGate } from "./domain/describe-gate.ts";
import { shareSlots } from "./domain/share-slots.ts";
import { createBilledGeneration } from "./flow/billed-generation.ts";
import type { Generate } from "./flow/generation.ts";
import { postponeWaits } from "./flow/postpone-waits.ts";
import type { ProviderGate } from "./flow/provider-gate.ts";
import { createStopRequests, type StopRequests } from "./flow/stop-requests.ts";
import { createUnbilledGeneration } from "./flow/unbilled-generation.ts";
import { onOrderCancelRequested } from "./handlers/order-cancel-requested.ts";
import { onWorkRequested } from "./handlers/work-requested.ts";
import type { BlobWriter, Ledger, Observations, ReadPause } from "./ports.ts";
import { shareGate } from "./share-gate.ts";
import { createWorkerActivity, type WorkerActivity } from "./worker-activity.ts";
import { createWorkerDrain, type WorkerDrain } from "./worker-drain.ts";

type Context = ServiceContext<Config>;

/** Grouped statements need few connections: 4 are as fast as 8. */
const ledgerConnections = 4;

/** A picture is a few MB, and some tens of MB while it is decoded. */
const outputsInMemory = 32;

/** The work of one provider, by this replica. */
interface ProviderWork {
  readonly provider: string;
  /** Over all replicas. */
  readonly concurrency: number;
  /** Of this replica. */
  readonly slots: number;
  readonly generate: Generate;
  /** Of a provider that charges. */
  readonly gate?: ProviderGate;
}

function openBroker({ config, logger }: Context): Promise<Broker> {
  return connectBroker({
    servers: config.NATS_URL,
    service: "generator",
    logger,
    user: config.NATS_USER,
    password: config.NATS_PASSWORD,
    credentials: config.NATS_CREDS,
  });
}

function openLedger({ config, logger, resources, readiness }: Context): { ledger: Ledger; readPause: ReadPause } {
  const pool = createPool({
    databaseUrl: config.DATABASE_URL,
    applicationName: "generator",
    max: ledgerConnections,
    onError: (error) => logger.warn({ error: error.message }, "a database connection broke"),
    sessionSettings: ledgerSessionSettings,
  });
  resources.defer(() => pool.end());
  readiness.require("database", async () => (await pool.query("select 1")).rowCount === 1);
  const ledger = resources.use(createPostgresLedger({ pool, logger, leaseMs: config.LEASE_MS }));
  return { ledger, readPause: createPauseReader({ pool }) };
}

function openBlobs({ config, resources, readiness, instanceId }: Context): BlobWriter {
  const blobs = resources.use(createBlobStore(config.BLOB_URL));
  const probe = resources.use(createStoreProbe(blobs, instanceId));
  readiness.require("blob store", probe.check);
  return blobs;
}

interface BilledWorkParts {
  readonly broker: Broker;
  readonly ledger: Ledger;
  readonly readPause: ReadPause;
  readonly stopRequests: StopRequests;
  readonly limits: Readonly<Record<string, number>>;
  readonly observations: Observations;
}

/** The work of every enabled provider that charges. Without one, neither ledger nor blob store is opened. */
function planBilledWork(
  context: Context,
  { broker, ledger, readPause, stopRequests, limits, observations }: BilledWorkParts,
): ProviderWork[] {
  const { config, logger, resources, instanceId } = context;
  const providers = createProviders({
    enabled: config.PROVIDERS,
    fal: { key: config.FAL_KEY, baseUrl: config.FAL_BASE_URL },
    replicate: { token: config.REPLICATE_API_TOKEN, baseUrl: config.REPLICATE_BASE_URL },
    publicUrl: config.PUBLIC_URL,
    logger,
  });
  const shared = {
    ledger,
    stopRequests,
    blobs: openBlobs(context),
    fetchOutput: createFetchOutput(),
    storeLimit: createLimit(outputsInMemory),
    observations,
    workerId: instanceId,
    unknownPolicy: {
      graceMs: config.UNKNOWN_GRACE_MS,
      onUnknown: config.ON_UNKNOWN_SUBMIT,
      resubmitsMax: config.UNKNOWN_RESUBMITS_MAX,
      resubmitMaxMicroUsd: config.UNKNOWN_RESUBMIT_MAX_MICRO_USD,
    },
    generationTimeoutMs: config.GENERATION_TIMEOUT_MS,
  };
  const billedLimits = Object.fromEntries([...providers.keys()].map((name) => [name, limits[name] ?? 0]));
  const slots = shareSlots(billedLimits, config.WORKER_CONCURRENCY);
  return [...providers.values()].map((provider): ProviderWork => {
    const { name } = provider;
    const consumer = workConsumer(name, limits[name] ?? 0);
    const gate = resources.use(shareGate({ broker, provider: name, consumer, readPause, logger, observations }));
    const generate = postponeWaits(createBilledGeneration({ ...shared, provider, gate }));
    return { provider: name, concurrency: limits[name] ?? 0, slots: slots[name] ?? 0, generate, gate };
  });
}

function planUnbilledWork(limits: Readonly<Record<string, number>>, workerId: string): ProviderWork[] {
  const concurrency = limits[unbilledProvider];
  if (concurrency === undefined) return [];
  const generate = createUnbilledGeneration({ provider: createNullProvider(), workerId });
  return [{ provider: unbilledProvider, concurrency, slots: concurrency, generate }];
}

interface PresenceParts {
  readonly broker: Broker;
  readonly works: readonly ProviderWork[];
  readonly activity: WorkerActivity;
  readonly readDrain: WorkerDrain["read"];
}

/** Who this worker is, what it does and whether it takes work, for whoever asks the broker. */
function tellPresence(
  { config, resources, instanceId, version, startedAt }: Context,
  { broker, works, activity, readDrain }: PresenceParts,
): Presence {
  const describe = () => ({
    ...{ service: "generator", id: instanceId, version, startedAt: startedAt.toISOString() },
    slots: works.reduce((sum, { slots }) => sum + slots, 0),
    running: activity.running(),
    completed: activity.completed,
    failed: activity.failed,
    lastItem: activity.lastItem,
    drain: readDrain(),
    sandboxed: sandboxedProviders(config),
    gates: works.flatMap(({ provider, gate }) => (gate ? [describeGate(provider, gate.read(), Date.now())] : [])),
  });
  return resources.use(announcePresence(broker, describe));
}

/** Starts taking work of every enabled provider. */
export async function start(context: Context): Promise<void> {
  const { config, logger, resources, readiness, instanceId } = context;
  let drain: WorkerDrain | undefined;
  await context.serveOperations(() => ({ drain: drain?.read() ?? null }));
  const broker = resources.use(await openBroker(context));
  readiness.require("broker", () => broker.isConnected());

  const activity = createWorkerActivity();
  const observations = createMetricObservations(() => activity.runningCount);
  const limits = providerConcurrency(config);
  const stopRequests = createStopRequests();
  const isAnythingBilled = config.PROVIDERS.some((name) => name !== unbilledProvider);
  const books = isAnythingBilled ? openLedger(context) : undefined;
  const ledger = books?.ledger;
  const billedWorks = books ? planBilledWork(context, { ...books, broker, stopRequests, limits, observations }) : [];
  const works = [...billedWorks, ...planUnbilledWork(limits, instanceId)];
  const presence = tellPresence(context, { broker, works, activity, readDrain: () => drain?.read() });
  await applyTopology(broker, [
    ...works.map(({ provider, concurrency }) => workConsumer(provider, concurrency)),
    ...(ledger ? [orderCancelConsumer("generator")] : []),
  ]);
  const onHint = ({
    orderId,
    attempt = maximumAttempts,
    reason = "customer",
  }: PayloadOf<typeof orderCancelRequested>) => stopRequests.request(orderId, attempt, reason);
  resources.use(watchSubject(broker, "order.cancel_requested.>", orderCancelRequested, onHint));
  const publishOnce = createBundlingPublisher(broker, instanceId);
  const consumptions = works.map(({ provider, concurrency, slots, generate }) => {
    const consumer = workConsumer(provider, concurrency);
    const handler = onWorkRequested({
      ...{ consumer, workerId: instanceId, generate, activity, observations },
      ledger: provider === unbilledProvider ? undefined : ledger,
    });
    // Work that costs nothing takes microseconds: fetched ahead. Paid work is asked for only when it can begin.
    return consume(broker, handler, { slots, ahead: provider === unbilledProvider, publishOnce });
  });
  // Not the consumer of cancels: it is quick, and somebody must heed them when every worker is drained.
  const options = { broker, workerId: instanceId, consumptions: [...consumptions], logger };
  drain = resources.use(createWorkerDrain({ ...options, onChanged: presence.refresh }));
  if (ledger) {
    const handler = onOrderCancelRequested({ ledger, workerId: instanceId });
    consumptions.push(consume(broker, handler, { slots: 1, ahead: false, publishOnce }));
  }
  // All at once: each waits for what it runs, and the grace is one for all.
  resources.defer(async () => {
    await Promise.all(consumptions.map((consumption) => consumption[Symbol.asyncDispose]()));
  });
  logger.info({ works: works.map(({ provider, slots }) => ({ provider, slots })) }, "work is taken");
}
