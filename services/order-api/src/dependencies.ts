/** What the HTTP application is built from: everything it reaches comes through here. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Readiness } from "@tirage/service-kit";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { ApiKey } from "./domain/api-keys.ts";
import type { Metrics } from "./metrics.ts";
import type {
  BlobReader,
  CallbackInbox,
  DeadLetters,
  HealthReader,
  IdempotencyStore,
  Operations,
  OrderArchiver,
  OrderFeed,
  OrderLedgerReader,
  OrderReader,
  OrderRemover,
  OrderRequests,
  OrderWatcher,
  OrderWriter,
  OutboxPublisher,
  PaceReader,
  ProviderPauses,
  QueueGuard,
  RetryReader,
  Thumbnails,
  VerifyCallback,
  WorkerDrains,
} from "./ports.ts";

/** Fastify whose routes take their types from zod schemas. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

export interface Dependencies {
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** Enabled providers. */
  readonly providers: readonly string[];
  /** Keys that are accepted; undefined when everyone who reaches the service may use it. */
  readonly apiKeys: readonly ApiKey[] | undefined;
  /** 0 is no limit. */
  readonly rateLimitPerMinute: number;
  readonly writer: OrderWriter;
  readonly idempotency: IdempotencyStore;
  readonly outbox: OutboxPublisher;
  readonly queueGuard: QueueGuard;
  readonly reader: OrderReader;
  readonly ledgerReader: OrderLedgerReader;
  readonly orderRequests: OrderRequests;
  readonly orderRemover: OrderRemover;
  readonly retryReader: RetryReader;
  readonly watcher: OrderWatcher;
  readonly feed: OrderFeed;
  readonly blobs: BlobReader;
  readonly thumbnails: Thumbnails;
  readonly archiver: OrderArchiver;
  readonly operations: Operations;
  readonly providerPauses: ProviderPauses;
  readonly workerDrains: WorkerDrains;
  readonly healthReader: HealthReader;
  readonly paceReader: PaceReader;
  /** Undefined while the broker is away. */
  readonly deadLetters: () => DeadLetters | undefined;
  readonly callbackInbox: CallbackInbox;
  /** By provider; callbacks of others are not taken. */
  readonly callbackVerifiers: ReadonlyMap<string, VerifyCallback>;
}
