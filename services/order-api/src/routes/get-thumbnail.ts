// GET /v1/products/{id}/thumbnail: a small picture of a product, made once
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { matchesEntityTag } from "../domain/entity-tag.ts";
import { ProblemError } from "../errors.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { noteOrder } from "../plugins/request-log.ts";
import { imageHeaders } from "./image-headers.ts";
import { idParameters, notFound, problems, readId } from "./responses.ts";

const bytes = z.custom<Buffer>().meta({ type: "string", format: "binary" });

export function getThumbnail(app: App, { reader, thumbnails }: Pick<Dependencies, "reader" | "thumbnails">): void {
  app.get(
    "/products/:id/thumbnail",
    {
      schema: {
        tags: ["products"],
        summary: "A small preview of a product: WebP, at most 512 pixels wide and high",
        params: idParameters,
        response: {
          200: { description: "The bytes", content: { "image/webp": { schema: bytes } } },
          304: z.undefined().describe("Unchanged"),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const id = readId("product", request.params);
      const row = await reader.findProduct(tenantOf(request), id);
      if (!row) throw notFound("product", id);
      noteOrder(request, row.orderId);
      // Of what it is made from and how: the same in every replica, before and after it was made.
      const tag = `"${row.sha256}-${thumbnails.recipe}"`;
      const headers = { ...imageHeaders, etag: tag };
      if (matchesEntityTag(request.headers["if-none-match"], tag))
        return reply.code(304).headers(headers).send(undefined);
      const thumbnail = await thumbnails.open(row.storageKey);
      if (!thumbnail) throw notFound("content of product", id);
      if (thumbnail === "undecodable") {
        const content = `/v1/products/${id}/content`;
        throw new ProblemError("no-thumbnail", `it cannot be decoded as an image; its content is at ${content}`);
      }
      return reply
        .headers({ ...headers, "content-disposition": `inline; filename="${id}-thumbnail.webp"` })
        .type(thumbnail.contentType)
        .send(thumbnail.bytes);
    },
  );
}
