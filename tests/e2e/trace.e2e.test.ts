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

/** Answers name the trace that the caller began, in their heads, in problems and in orders. */
async function expectIdentified(apiUrl: string): Promise<void> {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const request = (body: object) =>
    fetch(`${apiUrl}/v1/orders`, {
      method: "POST",
      headers: { "content-type": "application/json", traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      body: JSON.stringify(body),
    });

  const accepted = await request({ ...falModel, prompt: "a trace of the caller's", quantity: 1 });
  expect(accepted.headers.get("traceparent")).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  expect(await accepted.json()).toMatchObject({ traceId });
  const refused = await request({ ...falModel, quantity: 1 });
  expect(refused.headers.get("traceparent")).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  expect(await refused.json()).toMatchObject({ status: 400, traceId, requestId: refused.headers.get("x-request-id") });
  const tooLarge = await request({ prompt: "x".repeat(300_000) });
  expect(await tooLarge.json()).toMatchObject({ status: 413, traceId });
  const malformed = await fetch(`${apiUrl}/v1/%zz`, { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
  expect(await malformed.json()).toMatchObject({ status: 404, traceId });
}

test("POST /v1/orders: with a collector, the four services' spans of one order share its trace", async () => {
  const collector = await startCollector();
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const stack = resources.use(await startStack({ environment, generators: 1 }));
  const order = await placeOrder(stack.apiUrl, { ...falModel, prompt: "a traced lighthouse", quantity: 2 }, 30);
  expect(order.status).toBe("completed");
  await expectIdentified(stack.apiUrl);

  const expected = [
    ["order-api", /^POST/],
    ["dispatcher", /^process order\.created$/],
    ["generator", /^process work\.requested$/],
    ["status-aggregator", /^process item\.completed$/],
  ] as const;
  const traceOfWork = order.traceId;
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
