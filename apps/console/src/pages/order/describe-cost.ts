import type { Order, OrderLedger } from "@tirage/client";
import { isTerminal } from "@tirage/contracts";
import { formatMoney } from "../../components/format.ts";

/**
 * What the order costs by the catalogue's price. A provider may charge images that cannot be delivered: where the ledger
 * says so, it is the price of all that were charged, and that of the delivered ones beside it.
 */
export function describeCost(order: Order, ledger?: OrderLedger): string {
  const { estimatedMicroUsd, actualMicroUsd } = order.cost;
  if (actualMicroUsd === null) return "Not in the catalogue";
  const delivered = formatMoney(actualMicroUsd);
  if (estimatedMicroUsd === null) return delivered;
  if (!isTerminal(order.status)) return `${delivered} of about ${formatMoney(estimatedMicroUsd)}`;
  if (!ledger || ledger.paid === ledger.delivered) return delivered;
  const charged = formatMoney((estimatedMicroUsd / order.plan.totalProducts) * ledger.paid);
  return `${charged} for ${ledger.paid} charged (${delivered} for ${ledger.delivered} delivered)`;
}
