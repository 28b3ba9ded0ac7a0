// GET /v1/orders/{id}/events, /v1/events: what changes, as it changes
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { type StreamedEvent, sendEventStream } from "../plugins/event-stream.ts";
import { noteOrder } from "../plugins/request-log.ts";
import type { OrderChange, OrderFeed } from "../ports.ts";
import { idParameters, notFound, problems, readId } from "./responses.ts";

const eventStream = (description: string) => ({
  description,
  content: { "text/event-stream": { schema: z.string() } },
});

const lastEventId = z.object({
  "last-event-id": z.string().max(200).optional().describe("The last event that was heard. Sent by the browser."),
});

type EventDependencies = Pick<Dependencies, "reader" | "feed"> & { readonly closing: AbortSignal };

/**
 * The streams begin with the full state, whatever `Last-Event-ID` says, and any replica can serve them, since the state
 * is Postgres': a client that comes back is told the newest version, and all products again, of which it knows some. It
 * tells products apart by their id, and drops orders of a version it has.
 */
export function getOrderEvents(app: App, { reader, feed, closing }: EventDependencies): void {
  app.get(
    "/orders/:id/events",
    {
      // A stream has no length to ask for beforehand.
      exposeHeadRoute: false,
      schema: {
        tags: ["orders"],
        summary: "Follow an order: its state first and on every change, each new product, and its end",
        params: idParameters,
        headers: lastEventId,
        response: {
          200: eventStream(
            "Events `order` (full state), `product` and, last, `end` (the order as it ended). The id of an event is the version of the order. After a break, products may be told again: tell them apart by their id.",
          ),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const orderId = readId("order", request.params);
      noteOrder(request, orderId);
      const tenantId = tenantOf(request);
      if (!(await reader.findOrder(tenantId, orderId))) throw notFound("order", orderId);
      const events = (signal: AbortSignal) => orderEvents(feed, { tenantId, orderId }, signal);
      await sendEventStream(request, reply, { events, closing });
    },
  );
  app.get(
    "/events",
    {
      exposeHeadRoute: false,
      schema: {
        tags: ["orders"],
        summary: "Follow all orders: the newest hundred first, then every change",
        headers: lastEventId,
        response: {
          200: eventStream("Events `order` (full state). The id of an event is the order's id and version."),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const tenantId = tenantOf(request);
      await sendEventStream(request, reply, { events: (signal) => tenantEvents(feed, tenantId, signal), closing });
    },
  );
}

async function* orderEvents(
  feed: OrderFeed,
  order: { readonly tenantId: string; readonly orderId: string },
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent, void, undefined> {
  for await (const change of feed.followOrder(order, signal)) yield showChange(change);
}

function showChange(change: OrderChange): StreamedEvent {
  if (change.type === "product") return { event: "product", id: String(change.version), data: change.product };
  return { event: change.type, id: String(change.order.version), data: change.order };
}

async function* tenantEvents(
  feed: OrderFeed,
  tenantId: string,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent, void, undefined> {
  for await (const order of feed.followTenant(tenantId, signal)) {
    yield { event: "order", id: `${order.id}:${order.version}`, data: order };
  }
}
