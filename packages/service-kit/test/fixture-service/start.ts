import { trace } from "@opentelemetry/api";
import type { ServiceContext } from "@tirage/service-kit";
import type { Config } from "./config.ts";

/** Two resources that log their release. Everything else is what BEHAVIOUR asks for. */
export async function start({ config, logger, resources, readiness, serveOperations }: ServiceContext<Config>) {
  const { BEHAVIOUR: behaviour } = config;
  await serveOperations();
  resources.defer(() => logger.info({ resource: "first" }, "released"));
  if (behaviour === "fails-to-start") throw new Error("the second resource is not to be had");
  if (behaviour === "hangs-while-starting") await new Promise(() => undefined);
  resources.defer(async () => {
    // Held until the test says so, by closing stdin, which leaves it the time to look around.
    if (behaviour === "slow-to-release") await new Promise((resolve) => process.stdin.resume().once("end", resolve));
    if (behaviour === "fails-to-release") throw new Error("stuck");
    logger.info({ resource: "second" }, "released");
  });
  readiness.require("second", () => true);
  trace.getTracer("fixture").startActiveSpan("start fixture", (span) => {
    logger.info({ isRecording: span.isRecording() }, "inside a span");
    span.end();
  });
  logger.info(
    {
      password: "hunter2",
      provider: { apiKey: "hunter2" },
      request: { headers: { authorization: "Bearer hunter2" } },
      DATABASE_URL: "postgres://tirage:hunter2@localhost/tirage",
    },
    "with secrets",
  );
  if (behaviour === "throws") setImmediate(throwUnexpectedly);
}

function throwUnexpectedly(): never {
  throw new Error("unexpected");
}
