/** Metrics, kept in the process and read by Prometheus. Always on; loading this module starts them. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { metrics } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";

// Served by each service on its own port, which is also what names it: target and scope labels would only repeat that.
const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true, withoutTargetInfo: true });
const meterProvider = new MeterProvider({ readers: [exporter] });
metrics.setGlobalMeterProvider(meterProvider);

/** Makes every metric of Tirage. */
export const meter = meterProvider.getMeter("tirage");

/** Answers with all metrics in the Prometheus text format. */
export function writeMetrics(request: IncomingMessage, response: ServerResponse): void {
  exporter.getMetricsRequestHandler(request, response);
}
