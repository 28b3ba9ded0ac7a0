import { createRequire } from "node:module";
import { readServicePackage } from "./service-package.ts";

/** A collector that does not answer must not keep a service from exiting. */
const flushTimeoutMs = 2_000;

let tracing: { shutdown(): Promise<void> } | undefined;

/** Starts tracing once, if the environment names an OTLP endpoint. */
export function startTelemetry(environment: NodeJS.ProcessEnv): void {
  if (tracing || !environment.OTEL_EXPORTER_OTLP_ENDPOINT) return;
  // Synchronous, because modules imported beside the one that starts this would not wait for an import(), and what is
  // to be instrumented must not be loaded before.
  const require = createRequire(import.meta.url);
  const { startTracing }: typeof import("./tracing.ts") = require("./tracing.ts");
  tracing = startTracing(environment.OTEL_SERVICE_NAME || readServicePackage(process.argv[1]).name);
}

/** Sends what has not been sent, waiting at most 2 s for the collector. */
export async function stopTelemetry(): Promise<void> {
  const timeout = new Promise<void>((resolve) => setTimeout(resolve, flushTimeoutMs).unref());
  // What cannot be sent is lost by design: there is nobody left to tell.
  await Promise.race([tracing?.shutdown().catch(() => undefined), timeout]);
}
