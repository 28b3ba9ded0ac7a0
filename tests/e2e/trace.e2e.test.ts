/** One order is one trace, from the HTTP request to the stored product. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { eventually } from "@tirage/testkit";
import { afterEach, expect, test } from "vitest";
import { falModel, placeOrder } from "./order-request.ts";
import { startStack } from "./start-stack.ts";

interface ReceivedSpan {
  service: string;
  name: string;
  traceId: string;
}

interface ExportRequest {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: { name: string; traceId: string }[] }[];
  }[];
}

const resources = new AsyncDisposableStack();
afterEach(() => resources.disposeAsync());

function readSpans({ resourceSpans }: ExportRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "unknown";
    return scopeSpans.flatMap(({ spans }) => spans.map(({ name, traceId }) => ({ service, name, traceId })));
  });
}

/** A collector that keeps what it is sent. */
async function startCollector(): Promise<{ url: string; spans: ReceivedSpan[] }> {
  const spans: ReceivedSpan[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === "/v1/traces") spans.push(...readSpans(JSON.parse(Buffer.concat(chunks).toString())));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  resources.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans };
}

test("POST /v1/orders: with a collector, the four services' spans of one order share its trace", async () => {
  const collector = await startCollector();
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const stack = resources.use(await startStack({ environment, generators: 1 }));
  const order = await placeOrder(stack.apiUrl, { ...falModel, prompt: "a traced lighthouse", quantity: 2 }, 30);
  expect(order.status).toBe("completed");

  const expected = [
    ["order-api", /^POST/],
    ["dispatcher", /^process order\.created$/],
    ["generator", /^process work\.requested$/],
    ["status-aggregator", /^process item\.completed$/],
  ] as const;
  const traceOfWork = await eventually(
    () => collector.spans.find(({ name }) => name === "process work.requested")?.traceId,
    { timeoutMs: 30_000 },
  );
  for (const [service, name] of expected) {
    await eventually(
      () =>
        collector.spans.some(
          (span) => span.service === service && name.test(span.name) && span.traceId === traceOfWork,
        ),
      { timeoutMs: 30_000 },
    );
  }
  const postsToProvider = collector.spans.filter(
    ({ service, name, traceId }) => service === "generator" && name === "POST" && traceId === traceOfWork,
  );
  expect(postsToProvider.length).toBeGreaterThan(0);
}, 120_000);
