/** The connection to the broker, made in the background: HTTP is served, and orders are accepted, without it. */
import { applyTopology, type Broker, type BrokerOptions, connectBroker } from "@tirage/messaging";

export interface BrokerConnection extends AsyncDisposable {
  /** Undefined until the first connection; afterwards it reconnects by itself. */
  current(): Broker | undefined;
  isConnected(): boolean;
  /**
   * Resolves with the first connection, the streams applied.
   * @throws ServerVersionError when the server is too old.
   */
  readonly connected: Promise<Broker>;
}

export function openBrokerConnection(options: BrokerOptions): BrokerConnection {
  let broker: Broker | undefined;
  let isClosed = false;
  const connect = async (): Promise<Broker> => {
    const connection = await connectBroker(options);
    if (isClosed) {
      await connection[Symbol.asyncDispose]();
      return connection;
    }
    broker = connection;
    // Publishing into streams that are not there yet fails, and the relay tries again: nothing waits for this.
    await applyTopology(connection, []).catch((error: unknown) =>
      options.logger.warn({ error: String(error) }, "streams could not be applied; another service's start will"),
    );
    return connection;
  };
  const connected = connect();
  return {
    current: () => broker,
    isConnected: () => broker?.isConnected() ?? false,
    connected,
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await broker?.[Symbol.asyncDispose]();
    },
  };
}
