/** What became of the demo's order, by both ledgers. Pure. */
import type { Item, Order, OrderLedger } from "@tirage/client";
import type { Bill } from "./sandbox-ledger.ts";

export interface Outcome {
  /** By the sandbox's ledger. */
  readonly bill: Bill;
  /** By Tirage's own, as the API tells it. */
  readonly ledger: OrderLedger;
  /** Products that the API lists. */
  readonly delivered: number;
  /** How often each fault has struck. */
  readonly strikes: readonly number[];
  /** Whether a worker was killed. */
  readonly isKilled: boolean;
  readonly ended: Pick<Order, "status" | "partial" | "plan">;
  readonly items: readonly Pick<Item, "produced" | "batchSize">[];
}

/** The line that the demo is about. */
export function formatFigures({ bill: { paid, paidTwice }, delivered }: Pick<Outcome, "bill" | "delivered">): string {
  return `paid ${paid} · delivered ${delivered} · paid twice ${paidTwice}`;
}

/** Where the figures come from, when all is well. */
export function explain({ bill, delivered, items }: Outcome): string[] {
  return [
    `${items.length} calls wanted and ${bill.accepted} submitted, since one failed, unpaid, and was tried again.`,
    `${bill.paid} images charged: ${delivered} delivered and ${bill.paid - delivered} that the filter blacked out.`,
    "The sandbox's ledger and Tirage's own agree.",
  ];
}

/** All that is not as promised; empty when all is well. */
export function findProblems({ bill, ledger, delivered, strikes, isKilled, ended }: Outcome): string[] {
  const problems: string[] = [];
  const ordered = ended.plan.totalProducts;
  if (ended.status !== "completed" || ended.partial || delivered !== ordered) {
    problems.push(`${delivered} of ${ordered} images were delivered, and the order is ${ended.status}`);
  }
  if (bill.paidTwice > 0) problems.push(`the sandbox charged ${bill.paidTwice} calls twice`);
  for (const name of ["accepted", "paid", "paidTwice"] as const) {
    if (bill[name] !== ledger[name]) {
      problems.push(`${name} is ${bill[name]} by the sandbox's ledger and ${ledger[name]} by Tirage's own`);
    }
  }
  if (ledger.delivered !== delivered) problems.push(`Tirage's ledger says ${ledger.delivered} were delivered`);
  if (!isKilled) problems.push("no worker was killed: the slow call ended before");
  if (strikes.some((count) => count !== 1)) problems.push(`the sandbox's faults struck ${strikes.join(", ")} times`);
  return problems;
}
