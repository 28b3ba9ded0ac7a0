// GET /v1/orders/{id}/ledger: what the provider calls of an order came to, from Postgres
import { orderLedger } from "@tirage/contracts";
import type { App, Dependencies } from "../dependencies.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { noteOrder } from "../plugins/request-log.ts";
import { missingOrder } from "./missing-order.ts";
import { idParameters, problems, readId } from "./responses.ts";

/** Beside the order and not in it: orders are read often, and this reads every call. */
export function getOrderLedger(
  app: App,
  { ledgerReader, reader }: Pick<Dependencies, "ledgerReader" | "reader">,
): void {
  app.get(
    "/orders/:id/ledger",
    {
      schema: {
        tags: ["orders"],
        summary: "What an order's provider calls came to: outputs paid and delivered, calls that may be paid twice",
        params: idParameters,
        response: { 200: orderLedger, ...problems },
      },
    },
    async (request) => {
      const orderId = readId("order", request.params);
      noteOrder(request, orderId);
      const tenantId = tenantOf(request);
      const ledger = await ledgerReader.findLedger(tenantId, orderId);
      if (!ledger) throw await missingOrder({ reader }, tenantId, orderId);
      return ledger;
    },
  );
}
