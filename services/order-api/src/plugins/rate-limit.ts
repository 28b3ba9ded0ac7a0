import rateLimit from "@fastify/rate-limit";
import type { App } from "../dependencies.ts";
import { ProblemError } from "../errors.ts";
import { tenantOf } from "./authentication.ts";

/** Limits requests in this scope, per tenant and address, with `RateLimit-*` headers. */
export async function limitRate(app: App, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: "1 minute",
    enableDraftSpec: true,
    keyGenerator: (request) => `${tenantOf(request)} ${request.ip}`,
    // Thrown by the plugin, after it has set Retry-After.
    errorResponseBuilder: (_request, { max, after }) =>
      new ProblemError("too-many-requests", `at most ${max} requests a minute; try again in ${after}`),
  });
}
