import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Logger } from "./logger.ts";
import type { PublishWindow } from "./publish-window.ts";
import type { TopologyKeeper } from "./topology-keeper.ts";

/** Only messaging reaches these: a service cannot get at NATS through a broker. */
export const internals: unique symbol = Symbol("broker internals");

export interface BrokerInternals {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly window: PublishWindow;
  readonly topology: TopologyKeeper;
  readonly logger: Logger;
  /** CloudEvents source of what this process publishes, `/services/<name>`. */
  readonly source: string;
}

/** A connection to NATS JetStream. Disposing drains it: what is buffered still leaves. */
export interface Broker extends AsyncDisposable {
  readonly serverVersion: string;
  isConnected(): boolean;
  readonly [internals]: BrokerInternals;
}
