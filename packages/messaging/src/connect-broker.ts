import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, credsAuthenticator, type NatsConnection, type NodeConnectionOptions } from "@nats-io/transport-node";
import type { ConsumerDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import type { Logger } from "./logger.ts";
import { createPublishWindow } from "./publish-window.ts";
import { requireServerVersion } from "./server-version.ts";
import { createTopologyKeeper } from "./topology-keeper.ts";

export interface BrokerOptions {
  /** `nats://host:port`, one or several. */
  readonly servers: readonly string[];
  /** The service's name: names the connection and the sender of what it publishes. */
  readonly service: string;
  readonly logger: Logger;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Content of a credentials file. */
  readonly credentials?: string | undefined;
}

/** Its own prefix for each service, so that permissions can keep one from reading another's answers. */
const inboxPrefixOf = (service: string) => `_INBOX_${service.replaceAll("-", "_")}`;

function connectionOptions({ servers, service, user, password, credentials }: BrokerOptions): NodeConnectionOptions {
  return {
    servers: [...servers],
    name: service,
    // The client's own defaults give up after ten tries and notice a dead server only after four minutes.
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    reconnectTimeWait: 500,
    reconnectJitter: 500,
    ignoreAuthErrorAbort: true,
    pingInterval: 10_000,
    maxPingOut: 2,
    inboxPrefix: inboxPrefixOf(service),
    noAsyncTraces: true,
    ...(user === undefined ? {} : { user, pass: password ?? "" }),
    ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(new TextEncoder().encode(credentials)) }),
  };
}

/** Logs what happens to the connection, and has the topology checked after each reconnect. */
async function watchConnection(
  connection: NatsConnection,
  logger: Logger,
  onChange: (isConnected: boolean) => void,
): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === "disconnect") {
      logger.warn({ server: status.server }, "broker connection was lost");
      onChange(false);
    }
    if (status.type === "reconnect") {
      logger.info({ server: status.server }, "broker connection is back");
      onChange(true);
    }
    if (status.type === "error") logger.warn({ error: String(status.error) }, "broker reported an error");
  }
}

/**
 * Connects, waiting for a first server and reconnecting for ever afterwards.
 * @throws ServerVersionError when the server is older than Tirage relies on.
 */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const { logger } = options;
  const connection = await connect(connectionOptions(options));
  const serverVersion = connection.info?.version ?? "0.0.0";
  try {
    requireServerVersion(serverVersion);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const topology = createTopologyKeeper({ manager, logger });
  const window = createPublishWindow({ connection, inboxPrefix: inboxPrefixOf(options.service) });
  let isConnected = true;
  void watchConnection(connection, logger, (connected) => {
    isConnected = connected;
    if (connected) topology.restore("reconnected");
  });
  return {
    serverVersion,
    isConnected: () => isConnected && !connection.isClosed(),
    [internals]: {
      connection,
      jetstream: jetstream(connection),
      manager,
      window,
      topology,
      logger,
      source: `/services/${options.service}`,
    },
    async [Symbol.asyncDispose]() {
      topology[Symbol.dispose]();
      window[Symbol.dispose]();
      if (connection.isClosed()) return;
      // Drain answers only when the server does: with it away, closing is all there is to do.
      const drained = isConnected ? connection.drain() : connection.close();
      await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
      await connection.close();
    },
  };
}

/** Applies all streams and the given consumers, and keeps them applied. Idempotent; corrects drift. */
export function applyTopology(broker: Broker, consumers: readonly ConsumerDefinition[]): Promise<void> {
  return broker[internals].topology.apply(consumers);
}
