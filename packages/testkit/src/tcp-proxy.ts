/** A TCP proxy that a test puts before a server to make the network between them bad, and good again. */
import { createConnection, createServer, type Socket } from "node:net";

export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  readonly connections: number;
  /** Every chunk is this late from now on, in both directions; 0 is none. */
  delay(delayMs: number): void;
  /** Half-open: connections stay and nothing passes any more, in either direction; new ones are taken and hear nothing. */
  blackhole(): void;
  /** Ends every connection with a reset. New ones are let through. */
  reset(): void;
  /** Ends every connection, and takes no new one until healed. */
  drop(): void;
  /** Everything passes again, what was held back first. */
  heal(): void;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/** Listens on a free port of 127.0.0.1 and passes everything to `target`. */
export async function startTcpProxy(target: { host?: string; port: number }): Promise<TcpProxy> {
  const links = new Set<Link>();
  let mode: "pass" | "blackhole" | "drop" = "pass";
  let delayMs = 0;

  const endAll = (end: (socket: Socket) => void) => {
    for (const { client, server } of links) {
      end(client);
      end(server);
    }
  };
  const forward = (from: Socket, to: Socket) => {
    from.on("data", (chunk) => {
      if (delayMs === 0) to.write(chunk);
      else {
        // Held until the chunk has gone, so that a later one cannot overtake it.
        from.pause();
        setTimeout(() => {
          to.write(chunk);
          if (mode !== "blackhole") from.resume();
        }, delayMs);
      }
    });
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  };
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    if (mode === "drop") {
      client.resetAndDestroy();
      return;
    }
    const server = createConnection({ host: target.host ?? "127.0.0.1", port: target.port, allowHalfOpen: true });
    const link = { client, server };
    links.add(link);
    client.once("close", () => links.delete(link));
    forward(client, server);
    forward(server, client);
    if (mode === "blackhole") {
      client.pause();
      server.pause();
    }
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", resolve);
  });
  const address = listener.address();
  const port = typeof address === "object" && address ? address.port : 0;

  return {
    port,
    get connections() {
      return links.size;
    },
    delay(ms) {
      delayMs = ms;
    },
    blackhole() {
      mode = "blackhole";
      endAll((socket) => socket.pause());
    },
    reset: () => endAll((socket) => socket.resetAndDestroy()),
    drop() {
      mode = "drop";
      endAll((socket) => socket.destroy());
    },
    heal() {
      mode = "pass";
      delayMs = 0;
      endAll((socket) => socket.resume());
    },
    async [Symbol.asyncDispose]() {
      endAll((socket) => socket.destroy());
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}
