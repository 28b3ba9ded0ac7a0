// GET /v1/orders/{id}/events, /v1/events: what changes, as it changes
import type { SSEMessage } from "@fastify/sse";
import type { Order, Product } from "@tirage/contracts";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { orderEventId, tenantEventId } from "../domain/event-id.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { sendEventStream } from "../plugins/event-stream.ts";
import { noteOrder } from "../plugins/request-log.ts";
import type { OrderChange, OrderDeletion, OrderFeed, TenantChange } from "../ports.ts";
import { missingOrder } from "./missing-order.ts";
import { idParameters, problems, readId } from "./responses.ts";

const eventStream = (description: string) => ({
  description,
  content: { "text/event-stream": { schema: z.string() } },
});

const lastEventId = z.object({
  "last-event-id": z.string().max(200).optional().describe("The last event that was heard. Sent by the browser."),
});

type EventDependencies = Pick<Dependencies, "reader" | "feed"> & { readonly closing: AbortSignal };

/**
 * The id of an event says what was told up to it, and Postgres what there is, so any replica goes on where a stream broke:
 * with the order if it has changed since, and the products that have come since.
 */
export function getOrderEvents(app: App, { reader, feed, closing }: EventDependencies): void {
  app.get(
    "/orders/:id/events",
    {
      // A stream has no length to ask for beforehand.
      exposeHeadRoute: false,
      sse: "manual",
      schema: {
        tags: ["orders"],
        summary: "Follow an order: its state first and on every change, each new product, and its end",
        params: idParameters,
        headers: lastEventId,
        response: {
          200: eventStream(
            "Events `order` (full state), `product` and, last, `end` (the order as it ended), or `deleted` (`id`, `deletedAt`) when it is gone. A stream that is resumed by `Last-Event-ID` tells the order only if it has changed since, and only the products that have come since. Comments tell every 15 seconds that the stream is alive.",
          ),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const orderId = readId("order", request.params);
      noteOrder(request, orderId);
      const tenantId = tenantOf(request);
      if (!(await reader.findOrder(tenantId, orderId))) throw await missingOrder({ reader }, tenantId, orderId);
      const after = orderEventId.read(request.headers["last-event-id"]);
      const events = (signal: AbortSignal) => orderEvents(feed, { tenantId, orderId, after }, signal);
      await sendEventStream(request, reply, { events, closing });
    },
  );
  app.get(
    "/events",
    {
      exposeHeadRoute: false,
      sse: "manual",
      schema: {
        tags: ["orders"],
        summary:
          "Follow all orders: the newest hundred first, or what changed since, then every change and new product",
        querystring: z.strictObject({
          products: z.enum(["true", "false"]).default("true").describe("`false` leaves the events of products out."),
        }),
        headers: lastEventId,
        response: {
          200: eventStream(
            "Events `order` (full state; drop a `version` that you have), `product` (each that comes, after its order) and `deleted` (`id`, `deletedAt`). A stream that is resumed by `Last-Event-ID` tells those of the newest thousand orders that have changed since, their new products and the orders that were deleted since, and may repeat those of some seconds before.",
          ),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const tenantId = tenantOf(request);
      const toldUntil = tenantEventId.read(request.headers["last-event-id"]);
      const withProducts = request.query.products === "true";
      const events = (signal: AbortSignal) => tenantEvents(feed, { tenantId, toldUntil, withProducts }, signal);
      await sendEventStream(request, reply, { events, closing });
    },
  );
}

async function* orderEvents(
  feed: OrderFeed,
  order: Parameters<OrderFeed["followOrder"]>[0],
  signal: AbortSignal,
): AsyncGenerator<SSEMessage, void, undefined> {
  for await (const change of feed.followOrder(order, signal)) yield showChange(change);
}

function showChange(change: OrderChange): SSEMessage {
  const id = orderEventId.write(change.position);
  return { event: change.type, id, data: dataOf(change) };
}

function dataOf(change: OrderChange | TenantChange): Order | Product | OrderDeletion {
  if (change.type === "product") return change.product;
  return change.type === "deleted" ? change.deletion : change.order;
}

async function* tenantEvents(
  feed: OrderFeed,
  tenant: Parameters<OrderFeed["followTenant"]>[0],
  signal: AbortSignal,
): AsyncGenerator<SSEMessage, void, undefined> {
  for await (const change of feed.followTenant(tenant, signal)) {
    yield { event: change.type, id: tenantEventId.write(change.toldUntil), data: dataOf(change) };
  }
}
