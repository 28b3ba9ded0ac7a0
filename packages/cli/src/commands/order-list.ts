import type { Order, OrderFilter } from "@tirage/client";
import { type Command, Option } from "commander";
import { readWhole } from "../order-flags.ts";
import type { Column } from "../output/table.ts";
import { formatAge } from "../output/units.ts";
import type { OpenSession } from "../session.ts";
import { describeCost, describeTook } from "../watch/describe-order.ts";
import { addExamples } from "./examples.ts";

interface ListFlags extends OrderFilter {
  readonly limit: number;
  readonly all?: boolean;
}

export const orderStatuses = [
  "pending",
  "processing",
  "completed",
  "failed",
  "cancelled",
] as const satisfies Order["status"][];
const mostPerPage = 100;

export function addOrderList(order: Command, open: OpenSession): void {
  const command = order
    .command("list")
    .alias("ls")
    .description("list orders, newest first")
    .addOption(new Option("--status <name>", "only these").choices(orderStatuses))
    .option("--model <name>", "only of this model")
    .option("--created-after <time>", "such as 2026-11-24T00:00:00Z")
    .option("--created-before <time>", "such as 2026-11-25T00:00:00Z")
    .option("--limit <number>", "at most so many", readWhole, 20)
    .option("--all", "every one, however many there are");
  addExamples(command, [
    ["tirage order list --status failed", "what failed lately"],
    ["tirage order list --all --json | jq -r 'select(.partial) | .id'", "the orders that came out short"],
  ]);
  command.action(async ({ limit, all, ...filter }: ListFlags) => {
    const { client, output, signal } = open();
    const most = all ? Number.POSITIVE_INFINITY : limit;
    if (most === 0) return;
    const orders: Order[] = [];
    let count = 0;
    for await (const found of client.orders.list({ ...filter, limit: Math.min(most, mostPerPage) }, { signal })) {
      // Lines of JSON leave as they come: a list may be longer than what one wants to hold.
      if (output.isJson) output.result(found, "");
      else orders.push(found);
      count += 1;
      if (count >= most) break;
    }
    if (output.isJson) return;
    const isFiltered = Object.keys(filter).length > 0;
    const nothing = isFiltered ? "no such orders" : "no orders yet; tirage order create --help shows how to place one";
    output.table(orders, orderColumns(Date.now()), nothing);
    if (count === limit && output.isForPerson) output.note(`the newest ${count}; --limit or --all shows more`);
  });
}

const orderColumns = (nowMs: number): Column<Order>[] => [
  { title: "ORDER", text: ({ id }) => id },
  { title: "STATUS", text: ({ status, partial }) => (partial ? `${status} in part` : status) },
  {
    title: "IMAGES",
    text: ({ progress: { products } }) => `${products.produced}/${products.requested}`,
    isNumber: true,
  },
  { title: "CREATED", text: ({ createdAt }) => formatAge(createdAt, nowMs) },
  { title: "TOOK", text: (order) => (order.finishedAt ? describeTook(order) : "-") },
  { title: "COST", text: (order) => (order.finishedAt ? describeCost(order) : "-") },
  { title: "MODEL", text: ({ provider, model }) => `${provider} ${model}` },
  { title: "PROMPT", text: ({ prompt }) => prompt },
];
