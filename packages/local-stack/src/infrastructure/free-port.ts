import { createServer } from "node:net";

// Below the range from which Linux and macOS take the ports of outgoing connections (32768 and 49152 up): a port
// chosen here stays ours while its server restarts.
const firstPort = 20_000;
const portCount = 12_000;
const tries = 50;

/** Whether a server may listen on this port of a loopback address. An address that this machine lacks counts as free. */
export function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRNOTAVAIL"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port of the loopback address that nothing listens on now. Another process may still take it before its use. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const port = firstPort + Math.floor(Math.random() * portCount);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no free port found between ${firstPort} and ${firstPort + portCount}`);
}
