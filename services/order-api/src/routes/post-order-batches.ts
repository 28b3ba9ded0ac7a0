// POST /v1/orders/batch -> order.created x n (all orders, items and outbox rows in one statement, or none)
import { orderBatch, orderBatchRequest } from "@tirage/contracts";
import { z } from "zod";
import type { App } from "../dependencies.ts";
import type { createOrderPlacing } from "../place-orders.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { idempotencyKey } from "./post-orders.ts";
import { problems } from "./responses.ts";

export function postOrderBatches(
  app: App,
  { placeOrders }: { placeOrders: ReturnType<typeof createOrderPlacing> },
): void {
  app.post(
    "/orders/batch",
    {
      schema: {
        tags: ["orders"],
        summary: "Place up to 100 orders, all or none",
        headers: z.looseObject({ "idempotency-key": idempotencyKey }),
        body: orderBatchRequest,
        response: { 201: orderBatch, ...problems },
      },
    },
    async (request, reply) => {
      const { orders, isReplay } = await placeOrders({
        tenantId: tenantOf(request),
        requests: request.body.orders,
        pointerOf: (position) => `/orders/${position}`,
        idempotencyKey: request.headers["idempotency-key"],
        operation: "POST /v1/orders/batch",
      });
      reply.code(201);
      if (isReplay) reply.header("idempotent-replayed", "true");
      return { data: [...orders] };
    },
  );
}
