/** What an operator and an orchestrator ask of every service: is it alive, can it work, what does it measure. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { writeMetrics } from "./metrics.ts";
import { operationPaths } from "./operation-paths.ts";
import type { Readiness } from "./readiness.ts";

export interface OperationsServer extends AsyncDisposable {
  readonly port: number;
}

/** Serves /healthz, /livez, /readyz and /metrics until disposed. Rejects when the port is taken. */
export async function createOperationsServer({
  host,
  port,
  readiness,
  describe,
}: {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly readiness: Readiness;
  /** What /healthz and /livez tell beside the status. */
  readonly describe: () => object;
}): Promise<OperationsServer> {
  const server = createServer((request, response) => {
    const answer = answerTo(request, { readiness, describe });
    if (answer === "metrics") writeMetrics(request, response);
    else void answer.then((known) => writeJson(response, known));
  });
  server.listen({ host, port });
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      // Probes and scrapers keep their connections open; nothing they ask is worth waiting for.
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Probes come every few seconds anyway; who asks otherwise need not ask more often. */
const retryAfterSeconds = "5";

function answerTo(
  { method, url }: IncomingMessage,
  { readiness, describe }: { readonly readiness: Readiness; readonly describe: () => object },
): "metrics" | Promise<Answer> {
  const path = url?.split("?", 1)[0];
  if (method !== "GET" && method !== "HEAD") {
    return Promise.resolve({ status: 405, body: { error: "only GET" }, headers: { allow: "GET, HEAD" } });
  }
  if (path === operationPaths.metrics) return "metrics";
  if (path === operationPaths.health || path === operationPaths.liveness) {
    return Promise.resolve({ status: 200, body: { status: "ok", ...describe() } });
  }
  if (path === operationPaths.readiness) {
    return readiness
      .report()
      .then((body) =>
        body.ready ? { status: 200, body } : { status: 503, body, headers: { "retry-after": retryAfterSeconds } },
      );
  }
  return Promise.resolve({ status: 404, body: { error: `only ${Object.values(operationPaths).join(", ")}` } });
}

function writeJson(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
  response.end(JSON.stringify(body));
}
