// GET /v1/products: the products of all orders, newest first
import { galleryPage, instant, orderStatus } from "@tirage/contracts";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { orderCursor } from "../domain/cursor.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { cursor, dateOf, positionOf } from "./queries.ts";
import { problems } from "./responses.ts";

const query = z.strictObject({
  status: orderStatus.optional().describe("Of the product's order."),
  provider: z.string().min(1).max(64).optional(),
  model: z.string().min(1).max(200).optional(),
  search: z.string().min(1).max(200).optional().describe("Part of the prompt, in upper or lower case."),
  createdAfter: instant.optional(),
  createdBefore: instant.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(40),
  cursor,
});

export function getGallery(app: App, { reader }: Pick<Dependencies, "reader">): void {
  app.get(
    "/products",
    {
      schema: {
        tags: ["products"],
        summary: "List the products of all orders, newest first",
        querystring: query,
        response: { 200: galleryPage, ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: text, createdAfter, createdBefore, ...wanted } = request.query;
      const after = positionOf(text, orderCursor.read);
      const filter = { ...wanted, createdAfter: dateOf(createdAfter), createdBefore: dateOf(createdBefore) };
      return reader.listGallery(tenantOf(request), filter, { limit, after });
    },
  );
}
