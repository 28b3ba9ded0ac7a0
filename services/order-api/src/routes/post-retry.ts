// POST /v1/orders/{id}/retry -> order.retry_requested (request and outbox row in one statement)
import { order, orderRetryRequested } from "@tirage/contracts";
import { encodeMessage } from "@tirage/messaging";
import type { App, Dependencies } from "../dependencies.ts";
import { chooseRetry } from "../domain/choose-retry.ts";
import { showOrder } from "../domain/show-order.ts";
import { ProblemError } from "../errors.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { noteOrder } from "../plugins/request-log.ts";
import { missingOrder } from "./missing-order.ts";
import { idParameters, problems, readId } from "./responses.ts";

const source = "/services/order-api";

export function postRetry(
  app: App,
  {
    reader,
    retryReader,
    orderRequests,
    outbox,
  }: Pick<Dependencies, "reader" | "retryReader" | "orderRequests" | "outbox">,
): void {
  app.post(
    "/orders/:id/retry",
    {
      schema: {
        tags: ["orders"],
        summary: "Run the failed and cancelled items of an ended order again, none of the completed ones",
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
      const choice = chooseRetry(candidate);
      if (choice.kind === "refused") throw new ProblemError("conflict", choice.detail);
      if (choice.kind === "run") {
        const { attempt } = choice;
        const indexes = [...choice.indexes];
        const message = encodeMessage(orderRetryRequested.create({ orderId, attempt, indexes }), source);
        // Of several that ask at once, one is written; the others have asked for the same.
        const isWritten = await orderRequests.write({ orderId, kind: "retry", attempt, indexes, message });
        if (isWritten) outbox.publishSoon([message]);
      }
      return reply.code(202).send(showOrder(candidate.order));
    },
  );
}
