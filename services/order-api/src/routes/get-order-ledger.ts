// GET /v1/orders/{id}/ledger: what the provider calls of an order came to, from Postgres
import { orderLedger } from "@tirage/contracts";
import type { App, Dependencies } from "../dependencies.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { noteOrder } from "../plugins/request-log.ts";
import { idParameters, notFound, problems, readId } from "./responses.ts";

/** Beside the order and not in it: orders are read often, and this reads every call. */
export function getOrderLedger(app: App, { ledgerReader }: Pick<Dependencies, "ledgerReader">): void {
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
      const ledger = await ledgerReader.findLedger(tenantOf(request), orderId);
      if (!ledger) throw notFound("order", orderId);
      return ledger;
    },
  );
}
