/** Sends traces by OTLP/HTTP. Loaded only when there is somewhere to send them: its modules cost tens of megabytes. */
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace";
import { operationPaths } from "./operation-paths.ts";

/** Short, so that an order can be looked at while it runs and a killed process loses little. */
const exportEveryMs = 1_000;
const untracedPaths: ReadonlySet<string> = new Set(Object.values(operationPaths));

/**
 * Starts tracing to OTEL_EXPORTER_OTLP_ENDPOINT, which the exporter reads itself, as it does every other OTEL variable.
 * Calls and statements are traced only as part of something larger: renewals, polls and relays would drown the orders.
 */
export function startTracing(serviceName: string): { shutdown(): Promise<void> } {
  const sdk = new NodeSDK({
    serviceName,
    textMapPropagator: new W3CTraceContextPropagator(),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: exportEveryMs }),
    ],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url = "" }) => untracedPaths.has(url.split("?", 1)[0] ?? ""),
        requireParentforOutgoingSpans: true,
      }),
      new UndiciInstrumentation({ requireParentforSpans: true }),
      new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
    ],
  });
  sdk.start();
  return sdk;
}
