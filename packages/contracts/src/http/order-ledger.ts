/** What the provider calls of an order came to. */
import { z } from "zod";

const count = z.int().min(0);

export const orderLedger = z
  .object({
    accepted: count.describe("Calls that the provider accepted, those of every attempt."),
    paid: count.describe(
      "Outputs that the provider charges for by its answers so far, those included that it filtered or that could not be had.",
    ),
    delivered: count.describe("Products of the order."),
    paidTwice: count.describe(
      "Calls that were sent again while it was unknown whether the first is charged: they may be charged twice.",
    ),
    unknown: count.describe(
      "Calls of which nobody could find out whether the provider accepted them and charges them.",
    ),
  })
  .meta({ id: "OrderLedger" });
export type OrderLedger = z.infer<typeof orderLedger>;
