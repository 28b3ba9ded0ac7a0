/** What stands before several replicas of an API: a connection goes to the next one that says it is ready. */
import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

export interface ConnectionBalancer extends AsyncDisposable {
  readonly url: string;
}

const probeTimeoutMs = 1_000;

const isReady = (target: string) =>
  fetch(`${target}/readyz`, { signal: AbortSignal.timeout(probeTimeoutMs) }).then(
    ({ ok }) => ok,
    () => false,
  );

/** Listens on a free port of 127.0.0.1. `targetsOf` tells the replicas' URLs at the moment. */
export async function startConnectionBalancer(targetsOf: () => readonly string[]): Promise<ConnectionBalancer> {
  const sockets = new Set<Socket>();
  let turn = 0;

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const connect = async (client: Socket) => {
    keep(client);
    const targets = targetsOf();
    turn += 1;
    for (const [position] of targets.entries()) {
      const target = targets[(turn + position) % targets.length];
      if (target === undefined || !(await isReady(target))) continue;
      const { hostname, port } = new URL(target);
      const server = createConnection({ host: hostname, port: Number(port) });
      keep(server);
      client.pipe(server).pipe(client);
      client.once("close", () => server.destroy());
      server.once("close", () => client.destroy());
      return;
    }
    client.destroy();
  };

  const listener = createServer((client) => void connect(client));
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}
