// GET /v1/products/{id}, /v1/products/{id}/content: metadata from Postgres, bytes from the blob store
import { Readable } from "node:stream";
import { galleryProduct } from "@tirage/contracts";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { readByteRange } from "../domain/byte-range.ts";
import { matchesEntityTag } from "../domain/entity-tag.ts";
import { extensionOf } from "../domain/file-extension.ts";
import { type ProductRow, showGalleryProduct } from "../domain/show-rows.ts";
import { ProblemError } from "../errors.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { noteOrder } from "../plugins/request-log.ts";
import { imageHeaders } from "./image-headers.ts";
import { idParameters, notFound, problems, readId } from "./responses.ts";

/** A stream, which no serializer touches; documented as binary. */
const image = z.custom<Readable>().meta({ type: "string", format: "binary" });
const bytes = { description: "The bytes", content: { "image/*": { schema: image } } };

export function getProducts(app: App, { reader, blobs }: Pick<Dependencies, "reader" | "blobs">): void {
  app.get(
    "/products/:id",
    {
      schema: {
        tags: ["products"],
        summary: "One product",
        params: idParameters,
        response: { 200: galleryProduct, ...problems },
      },
    },
    async (request) => {
      const id = readId("product", request.params);
      const row = await reader.findProduct(tenantOf(request), id);
      if (!row) throw notFound("product", id);
      noteOrder(request, row.orderId);
      return showGalleryProduct(row);
    },
  );
  app.get(
    "/products/:id/content",
    {
      schema: {
        tags: ["products"],
        summary: "The bytes of a product; ranges are served",
        params: idParameters,
        response: { 200: bytes, 206: bytes, 304: z.undefined().describe("Unchanged"), ...problems },
      },
    },
    async (request, reply) => {
      const id = readId("product", request.params);
      const row = await reader.findProduct(tenantOf(request), id);
      if (!row) throw notFound("product", id);
      noteOrder(request, row.orderId);
      const tag = describeContent(reply, row);
      if (matchesEntityTag(request.headers["if-none-match"], tag)) return reply.code(304).send();
      const { range: wanted, "if-range": ifRange } = request.headers;
      const range = ifRange === undefined || ifRange === tag ? readByteRange(wanted, row.bytes) : undefined;
      if (range === "unsatisfiable") throw rangeProblem(row.bytes);
      reply.type(row.contentType);
      if (request.method === "HEAD") {
        if (!(await blobs.stat(row.storageKey))) throw notFound("content of product", id);
        return reply.header("content-length", row.bytes).send(Readable.from([]));
      }
      const blob = await blobs.open(row.storageKey, range);
      if (!blob) throw notFound("content of product", id);
      if (!range) return reply.header("content-length", row.bytes).send(blob.stream);
      return reply
        .code(206)
        .header("content-range", `bytes ${range.start}-${range.end}/${row.bytes}`)
        .header("content-length", range.end - range.start + 1)
        .send(blob.stream);
    },
  );
}

/** Products never change, so their hash is their tag. Answers the tag. */
function describeContent(reply: FastifyReply, { id, sha256, contentType }: ProductRow): string {
  const tag = `"${sha256}"`;
  reply.headers({
    ...imageHeaders,
    etag: tag,
    "accept-ranges": "bytes",
    "content-disposition": `inline; filename="${id}.${extensionOf(contentType)}"`,
  });
  return tag;
}

const rangeProblem = (size: number): ProblemError =>
  new ProblemError("range-not-satisfiable", `the content has ${size} bytes`, {
    headers: { "content-range": `bytes */${size}`, "cache-control": "no-store" },
  });
