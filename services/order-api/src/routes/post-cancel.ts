// POST /v1/orders/{id}/cancel -> order.cancel_requested (request and outbox row in one statement)
import { order, orderCancelRequested } from "@tirage/contracts";
import { encodeMessage } from "@tirage/messaging";
import type { App, Dependencies } from "../dependencies.ts";
import { chooseCancel } from "../domain/choose-cancel.ts";
import { showOrder } from "../domain/show-order.ts";
import { ProblemError } from "../errors.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { noteOrder } from "../plugins/request-log.ts";
import { missingOrder } from "./missing-order.ts";
import { idParameters, problems, readId } from "./responses.ts";

const source = "/services/order-api";

export function postCancel(
  app: App,
  {
    reader,
    retryReader,
    orderRequests,
    outbox,
  }: Pick<Dependencies, "reader" | "retryReader" | "orderRequests" | "outbox">,
): void {
  app.post(
    "/orders/:id/cancel",
    {
      schema: {
        tags: ["orders"],
        summary: "Stop queued work at once, and ask the provider to stop what runs",
        description:
          "Each item then says what became of it: `not_started` and `aborted` cost nothing, `billed` was charged, and what was completed all the same is kept.",
        params: idParameters,
        response: { 202: order, ...problems },
      },
    },
    async (request, reply) => {
      const orderId = readId("order", request.params);
      noteOrder(request, orderId);
      const tenantId = tenantOf(request);
      const candidate = await retryReader.findRetryCandidate(tenantId, orderId);
      if (!candidate) throw await missingOrder({ reader }, tenantId, orderId);
      const attempt = chooseCancel(candidate);
      if (attempt === undefined) throw new ProblemError("conflict", "the order has ended");
      const message = encodeMessage(orderCancelRequested.create({ orderId, attempt, reason: "customer" }), source);
      // Asked for twice it is written once; the second asks for the same.
      const isWritten = await orderRequests.write({ orderId, kind: "cancel", attempt, message });
      if (isWritten) outbox.publishSoon([message]);
      return reply.code(202).send(showOrder(candidate.order));
    },
  );
}
