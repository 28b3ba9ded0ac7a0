// POST /v1/orders/batch -> order.created x n (all orders, items and outbox rows in one statement, or none)
import { orderBatch, orderBatchRequest, orderLimits } from "@tirage/contracts";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { assessRefused, type Circumstances } from "../domain/assess-order.ts";
import { type Fault, faultsWithin } from "../domain/fault.ts";
import type { createOrderPlacing } from "../place-orders.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { createValidatorCompiler } from "../plugins/validation.ts";
import { idempotencyKey } from "./post-orders.ts";
import { problems } from "./responses.ts";

export function postOrderBatches(
  app: App,
  { placeOrders, providers }: Pick<Dependencies, "providers"> & { placeOrders: ReturnType<typeof createOrderPlacing> },
): void {
  app.post(
    "/orders/batch",
    {
      validatorCompiler: createValidatorCompiler((body) => faultsOfOrders(body, { providers, now: new Date() })),
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

/** Of every order, also of those that the schema takes: one answer tells them all. */
function faultsOfOrders(body: unknown, circumstances: Circumstances): Fault[] {
  const orders = z.object({ orders: z.array(z.unknown()) }).safeParse(body).data?.orders ?? [];
  return orders
    .slice(0, orderLimits.ordersPerBatch)
    .flatMap((order, position) => faultsWithin(`/orders/${position}`, assessRefused(order, circumstances)));
}
