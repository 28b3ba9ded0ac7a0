import type { FastifyRequest } from "fastify";
import type { App } from "../dependencies.ts";
import type { Metrics } from "../metrics.ts";

/** One line and one measurement for every request; never its body, which holds the customer's prompt. */
export function logRequests(app: App, metrics: Metrics): void {
  app.decorateRequest("orderId", "");
  app.addHook("onResponse", async (request, reply) => {
    const { method } = request;
    const route = request.routeOptions.url ?? "none";
    const status = reply.statusCode;
    const durationMs = reply.elapsedTime;
    metrics.requestAnswered({ method, route, status, durationMs });
    const orderId = request.getDecorator<string>("orderId");
    request.log.info(
      { method, route, status, durationMs: Math.round(durationMs * 10) / 10, ...(orderId && { orderId }) },
      "request was answered",
    );
  });
}

/** Names the order that the request is about, for its line. */
export const noteOrder = (request: FastifyRequest, orderId: string): void => request.setDecorator("orderId", orderId);
