import { isSpanContextValid, trace } from "@opentelemetry/api";
import { type Logger, type LoggerOptions, pino } from "pino";

/** Secrets by the names under which they could reach a line: at its top, one level down, and in request headers. */
const secretNames = [
  "authorization",
  "apiKey",
  "password",
  "FAL_KEY",
  "REPLICATE_API_TOKEN",
  "NATS_PASSWORD",
  "NATS_CREDS",
];
const urlName = "DATABASE_URL";
const standardOutput = 1;

/**
 * JSON lines on stdout. Lines written inside a span carry its `traceId` and `spanId`; secrets are replaced, and of a
 * database's URL only the credentials.
 */
export function createLogger({
  service,
  instanceId,
  level,
}: {
  readonly service: string;
  readonly instanceId: string;
  readonly level: string;
}): Logger {
  const options: LoggerOptions = {
    level,
    base: { service, instanceId },
    mixin: activeSpan,
    redact: {
      paths: [...secretNames, urlName].flatMap((name) => [name, `*.${name}`]).concat("*.headers.authorization"),
      censor: (value, path) =>
        path.at(-1) === urlName && typeof value === "string" ? value.replace(/\/\/.*@/, "//***@") : "***",
    },
  };
  // Synchronous: a line that is still being written at the exit would come after later ones, or not at all.
  return pino(options, pino.destination({ fd: standardOutput, sync: true }));
}

function activeSpan(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {};
}
