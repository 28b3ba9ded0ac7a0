// DELETE /v1/orders/{id}: the rows in one transaction; the blobs follow
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { ProblemError } from "../errors.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { noteOrder } from "../plugins/request-log.ts";
import { idParameters, notFound, problems, readId } from "./responses.ts";

export function deleteOrder(app: App, { orderRemover }: Pick<Dependencies, "orderRemover">): void {
  app.delete(
    "/orders/:id",
    {
      schema: {
        tags: ["orders"],
        summary: "Remove an order that has ended, with its items and images, for good",
        description:
          "Asked again it answers 204 again, and every other address of the order 404. What its provider calls came to stays in the accounts. Its bytes are removed within a minute, or once the store is back. An Idempotency-Key that placed it answers as before for its 24 hours, and orders nothing.",
        params: idParameters,
        response: { 204: z.undefined().describe("It is gone"), ...problems },
      },
    },
    async (request, reply) => {
      const orderId = readId("order", request.params);
      noteOrder(request, orderId);
      const outcome = await orderRemover.remove(tenantOf(request), orderId);
      if (outcome === "missing") throw notFound("order", orderId);
      if (outcome === "open")
        throw new ProblemError("conflict", "the order has not ended; cancel it first, and delete it once it has ended");
      return reply.code(204).send();
    },
  );
}
