import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json as readJson } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { fixtureMain, startProcess } from "./start-process.ts";

const recordModules = fileURLToPath(new URL("record-modules.ts", import.meta.url));

const attribute = z.object({ key: z.string(), value: z.looseObject({ stringValue: z.string().optional() }) });
const tracesRequest = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(z.looseObject({ name: z.string(), traceId: z.string() })) })),
    }),
  ),
});

/** Takes what is exported to it, as a collector would; `hangs` takes it and never answers. */
async function startCollector({ hangs }: { hangs: boolean } = { hangs: false }) {
  const received: { path: string | undefined; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    received.push({ path: request.url, body: await readJson(request) });
    if (!hangs) response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    /** Every span received, with the name of the service that sent it. */
    spans: () =>
      received.flatMap(({ body }) =>
        tracesRequest.parse(body).resourceSpans.flatMap(({ resource, scopeSpans }) =>
          scopeSpans.flatMap(({ spans }) =>
            spans.map(({ name, traceId }) => ({
              name,
              traceId,
              service: resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue,
            })),
          ),
        ),
      ),
  };
}

/** The modules a fixture loaded from its start to its end. */
async function modulesLoadedWith(environment: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tirage-modules-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "modules");
  const service = startProcess({ ...environment, MODULES_FILE: file }, ["--import", recordModules, fixtureMain]);
  await service.logged("service is started");
  service.child.kill("SIGTERM");
  expect(await service.exited).toBe(0);
  return readFile(file, "utf8");
}

describe("telemetry", () => {
  test.each([
    ["first import", [fixtureMain]],
    ["--import and first import", ["--import", "@tirage/service-kit/register", fixtureMain]],
  ])(
    "%s: with an OTLP endpoint, spans are sent by the time it has stopped, and log lines carry their ids",
    async (_, parameters) => {
      const collector = await startCollector();
      const service = startProcess(
        { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: "fixture" },
        parameters,
      );
      await service.logged("service is started");
      await service.ask("/healthz");
      service.child.kill("SIGTERM");
      expect(await service.exited).toBe(0);

      const line = await service.logged("inside a span");
      expect(line).toMatchObject({ isRecording: true, spanId: expect.stringMatching(/^[0-9a-f]{16}$/) });
      // Once, and alone: probes are not traced.
      expect(collector.spans()).toEqual([{ name: "start fixture", traceId: line.traceId, service: "fixture" }]);
      expect(collector.received.map(({ path }) => path)).toEqual(["/v1/traces"]);
      expect(await service.logged("service is started")).not.toHaveProperty("traceId");
      expect(service.errorText()).toBe("");
    },
  );

  test("service name: when the environment gives none, it is the name of the package that main.ts is in", async () => {
    const collector = await startCollector();
    const service = startProcess({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await service.logged("service is started");
    service.child.kill("SIGTERM");
    await service.exited;
    expect(collector.spans()).toMatchObject([{ service: "service-kit" }]);
  });

  test("SIGTERM: when the collector does not answer, it exits 0 within its grace all the same", async () => {
    const collector = await startCollector({ hangs: true });
    const service = startProcess({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await service.logged("service is started");
    service.child.kill("SIGTERM");
    expect(await service.exited).toBe(0);
    expect(collector.received).toHaveLength(1);
  });

  test("modules: without an OTLP endpoint, nothing that traces is loaded; with one, it is", async () => {
    const collector = await startCollector();
    const tracing = /tracing\.ts|otlp|sdk-trace|sdk-node|instrumentation/;
    expect(await modulesLoadedWith({})).not.toMatch(tracing);
    expect(await modulesLoadedWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })).toMatch(tracing);
  });

  test("log lines: without an OTLP endpoint, they carry no trace id", async () => {
    const service = startProcess();
    const line = await service.logged("inside a span");
    expect(line).toMatchObject({ isRecording: false });
    expect(line).not.toHaveProperty("traceId");
  });
});
