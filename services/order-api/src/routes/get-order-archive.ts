// GET /v1/orders/{id}/archive: the products of an order and what is known of them, as one ZIP
import type { Readable } from "node:stream";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { noteOrder } from "../plugins/request-log.ts";
import { missingOrder } from "./missing-order.ts";
import { idParameters, problems, readId } from "./responses.ts";

const zip = z.custom<Readable>().meta({ type: "string", format: "binary" });

export function getOrderArchive(app: App, { reader, archiver }: Pick<Dependencies, "reader" | "archiver">): void {
  app.get(
    "/orders/:id/archive",
    {
      // Its length is known once it is written.
      exposeHeadRoute: false,
      schema: {
        tags: ["orders"],
        summary: "All products of an order so far, as a ZIP with a manifest",
        description:
          "Images are numbered by their place in the order. `manifest.json`, the last file, has the request and, for each image, its file, seed, provider request, worker, SHA-256, size in pixels and in bytes; its `complete` says whether the order had ended and nothing is missing. An archive that cannot be finished is cut off, which every reader of ZIP files notices.",
        params: idParameters,
        response: {
          200: { description: "The archive", content: { "application/zip": { schema: zip } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const id = readId("order", request.params);
      noteOrder(request, id);
      const tenantId = tenantOf(request);
      const order = await reader.findOrder(tenantId, id);
      if (!order) throw await missingOrder({ reader }, tenantId, id);
      return reply
        .headers({ "content-disposition": `attachment; filename="order-${id}.zip"`, "cache-control": "no-store" })
        .type("application/zip")
        .send(archiver.archive(order));
    },
  );
}
