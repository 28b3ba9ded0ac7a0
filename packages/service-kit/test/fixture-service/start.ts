import { trace } from "@opentelemetry/api";
import type { ServiceContext } from "@tirage/service-kit";
import type { Config } from "./config.ts";

/** Two resources that log their release; the second waits for a line on stdin, so that a test can look around. */
export async function start({ config, logger, resources, readiness, serveOperations }: ServiceContext<Config>) {
  const { BEHAVIOUR: behaviour } = config;
  await serveOperations();
  resources.defer(() => logger.info({ resource: "first" }, "released"));
  if (behaviour === "fails-to-start") throw new Error("the second resource is not to be had");
  if (behaviour === "hangs-while-starting") await new Promise(() => undefined);
  resources.defer(async () => {
    if (behaviour === "fails-to-release") throw new Error("stuck");
    if (behaviour === "slow-to-release") await new Promise((resolve) => process.stdin.once("data", resolve));
    process.stdin.destroy();
    logger.info({ resource: "second" }, "released");
  });
  readiness.require("second", () => true);
  trace.getTracer("fixture").startActiveSpan("start fixture", (span) => {
    logger.info({ isRecording: span.isRecording() }, "inside a span");
    span.end();
  });
  if (behaviour === "throws")
    setImmediate(() => {
      throw new Error("unexpected");
    });
}
