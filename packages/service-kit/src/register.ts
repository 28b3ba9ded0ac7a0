/**
 * Starts telemetry, once, however often it is loaded: by `node --import @tirage/service-kit/register` and as the first
 * import of each main.ts. An entry point, like a main.ts: it reads the process's environment.
 */
import "./metrics.ts";
import { startTelemetry } from "./telemetry.ts";

startTelemetry(process.env);
