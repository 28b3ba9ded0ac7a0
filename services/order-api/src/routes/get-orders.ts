// GET /v1/orders, /v1/orders/{id}, /v1/orders/{id}/items, /v1/orders/{id}/products: reads of Postgres
import { instant, itemPage, order, orderPage, orderStatus, productPage } from "@tirage/contracts";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { itemCursor, orderCursor, productCursor } from "../domain/cursor.ts";
import { matchesEntityTag } from "../domain/entity-tag.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { noteOrder } from "../plugins/request-log.ts";
import { missingOrder } from "./missing-order.ts";
import { cursor, dateOf, positionOf } from "./queries.ts";
import { idParameters, problems, readId } from "./responses.ts";

const ordersQuery = z.strictObject({
  status: orderStatus.optional(),
  model: z.string().min(1).max(200).optional(),
  createdAfter: instant.optional(),
  createdBefore: instant.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor,
});
const partsQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100), cursor });

export function getOrders(app: App, { reader }: Pick<Dependencies, "reader">): void {
  app.get(
    "/orders",
    {
      schema: {
        tags: ["orders"],
        summary: "List orders, newest first",
        querystring: ordersQuery,
        response: { 200: orderPage, ...problems },
      },
    },
    async (request) => {
      const { limit, status, model, createdAfter, createdBefore } = request.query;
      const after = positionOf(request.query.cursor, orderCursor.read);
      const filter = { status, model, createdAfter: dateOf(createdAfter), createdBefore: dateOf(createdBefore) };
      return reader.listOrders(tenantOf(request), filter, { limit, after });
    },
  );
  app.get(
    "/orders/:id",
    {
      schema: {
        tags: ["orders"],
        summary: "One order",
        params: idParameters,
        response: { 200: order, 304: z.undefined().describe("Unchanged since the ETag sent"), ...problems },
      },
    },
    async (request, reply) => {
      const id = readId("order", request.params);
      noteOrder(request, id);
      const tenantId = tenantOf(request);
      const found = await reader.findOrder(tenantId, id);
      if (!found) throw await missingOrder({ reader }, tenantId, id);
      const tag = `"${found.version}"`;
      reply.header("etag", tag).header("cache-control", "private, no-cache");
      if (matchesEntityTag(request.headers["if-none-match"], tag)) return reply.code(304).send();
      return found;
    },
  );
  getOrderParts(app, { reader });
}

function getOrderParts(app: App, { reader }: Pick<Dependencies, "reader">): void {
  app.get(
    "/orders/:id/items",
    {
      schema: {
        tags: ["orders"],
        summary: "The items of an order, by index",
        params: idParameters,
        querystring: partsQuery,
        response: { 200: itemPage, ...problems },
      },
    },
    async (request) => {
      const id = readId("order", request.params);
      noteOrder(request, id);
      const after = positionOf(request.query.cursor, itemCursor.read);
      const tenantId = tenantOf(request);
      const page = await reader.listItems(tenantId, id, { limit: request.query.limit, after });
      if (page.data.length > 0 || (await reader.findOrder(tenantId, id))) return page;
      throw await missingOrder({ reader }, tenantId, id);
    },
  );
  app.get(
    "/orders/:id/products",
    {
      schema: {
        tags: ["products"],
        summary: "The products of an order, by index",
        params: idParameters,
        querystring: partsQuery,
        response: { 200: productPage, ...problems },
      },
    },
    async (request) => {
      const id = readId("order", request.params);
      noteOrder(request, id);
      const after = positionOf(request.query.cursor, productCursor.read);
      const tenantId = tenantOf(request);
      const page = await reader.listProducts(tenantId, id, { limit: request.query.limit, after });
      if (page.data.length > 0 || (await reader.findOrder(tenantId, id))) return page;
      throw await missingOrder({ reader }, tenantId, id);
    },
  );
}
