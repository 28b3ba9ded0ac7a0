// GET /healthz, /livez, /readyz, /metrics: is it alive, can it work, what does it measure
import { writeMetrics } from "@tirage/service-kit";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { ProblemError } from "../errors.ts";
import { problems } from "./responses.ts";

const health = z.object({ status: z.literal("ok") });
const readyReport = z.object({
  ready: z.literal(true),
  degraded: z.array(z.string()).describe("What is away without keeping orders from being accepted."),
});

export function getHealth(app: App, { readiness, operations }: Pick<Dependencies, "readiness" | "operations">): void {
  const tags = ["operations"];
  const summary = "Whether the process is alive";
  for (const path of ["/healthz", "/livez"]) {
    const schema = { tags, summary, response: { 200: health } };
    app.get(path, { schema, logLevel: "warn" }, async () => ({ status: "ok" as const }));
  }
  app.get(
    "/readyz",
    {
      schema: { tags, summary: "Whether orders can be accepted", response: { 200: readyReport, ...problems } },
      logLevel: "silent",
    },
    async () => {
      const { ready, missing } = await readiness.report();
      if (!ready) {
        throw new ProblemError("unavailable", `missing: ${missing.join(", ")}`, { headers: { "retry-after": "5" } });
      }
      return { ready: true as const, degraded: operations.isBrokerConnected() ? [] : ["nats"] };
    },
  );
  app.get(
    "/metrics",
    { schema: { tags, summary: "Metrics in the Prometheus text format" }, logLevel: "warn" },
    (request, reply) => {
      reply.hijack();
      writeMetrics(request.raw, reply.raw);
    },
  );
}
