/** The network between the services and their servers, to be made bad and good again. */
import { setTimeout as delay } from "node:timers/promises";
import type { ServerUrls } from "@tirage/local-stack";
import { startTcpProxy, type TcpProxy } from "@tirage/testkit";
import type { NetworkFault } from "./schedule.ts";

export interface Network extends AsyncDisposable {
  /** Puts a proxy before each server; answers where the services find them from now on. */
  addressServers(servers: ServerUrls): Promise<ServerUrls>;
  /** Resolves once the network is good again. */
  strike(fault: NetworkFault): Promise<void>;
}

/** How long the network stays bad. A hang outlives two pings of the broker's clients, which is when they notice. */
const badForMs = { hang: 25_000, slow: 5_000, drop: 3_000, reset: 0 };
const slowByMs = 150;

async function makeBad(proxy: TcpProxy, manner: keyof typeof badForMs): Promise<void> {
  if (manner === "reset") return proxy.reset();
  if (manner === "hang") proxy.blackhole();
  else if (manner === "drop") proxy.drop();
  else proxy.delay(slowByMs);
  await delay(badForMs[manner]);
  proxy.heal();
}

export function createNetwork(): Network {
  const resources = new AsyncDisposableStack();
  const proxies: { database?: TcpProxy; broker?: TcpProxy } = {};
  const place = async (server: keyof typeof proxies, address: string): Promise<string> => {
    const url = new URL(address);
    const proxy = resources.use(await startTcpProxy({ host: url.hostname, port: Number(url.port) }));
    proxies[server] = proxy;
    url.port = String(proxy.port);
    return url.href;
  };
  return {
    addressServers: async ({ databaseUrl, natsUrl }) => ({
      databaseUrl: await place("database", databaseUrl),
      natsUrl: await place("broker", natsUrl),
    }),
    async strike(fault) {
      const [server, manner] = fault.split("-") as ["database" | "broker", keyof typeof badForMs];
      const proxy = proxies[server];
      if (!proxy) throw new Error(`there is no proxy before the ${server}`);
      await makeBad(proxy, manner);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
