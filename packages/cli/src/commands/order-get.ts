import type { Item, Order, Product } from "@tirage/client";
import { isSandboxed } from "@tirage/contracts";
import type { Command } from "commander";
import { UsageError } from "../failures.ts";
import { printable } from "../output/printable.ts";
import type { Column } from "../output/table.ts";
import { formatAge, formatMicroUsd, placeOf } from "../output/units.ts";
import type { OpenSession, Session } from "../session.ts";
import { describeProducts, describeTook, paintStatus } from "../watch/describe-order.ts";
import { addExamples } from "./examples.ts";

interface GetFlags {
  readonly items?: boolean;
  readonly products?: boolean;
}

export function addOrderGet(order: Command, open: OpenSession): void {
  const command = order
    .command("get <order...>")
    .description("show orders, their provider calls or their images")
    .option("--items", "list the provider calls: attempt, worker, error, what a cancel came to")
    .option("--products", "list the images");
  addExamples(command, [
    ["tirage order get 0192c0de-0000-7000-8000-000000000000", "how far it is, and what was asked"],
    ["tirage order get 0192c0de-0000-7000-8000-000000000000 --items", "why a call failed"],
    ["tirage order get 0192c0de-0000-7000-8000-000000000000 --products --json | jq -r .sha256", "for a program"],
  ]);
  command.action(async (ids: string[], flags: GetFlags) => {
    if (flags.items && flags.products) throw new UsageError("--items and --products exclude each other");
    const session = open();
    for (const id of ids) await show(session, id, flags);
  });
}

async function show(session: Session, id: string, flags: GetFlags): Promise<void> {
  const { client, output, signal } = session;
  if (flags.items) {
    output.table(await gather(client.orders.items(id, { signal })), itemColumns, "the order has no calls");
  } else if (flags.products) {
    output.table(await gather(client.orders.products(id, { signal })), productColumns, "no images have landed yet");
  } else {
    const order = await client.orders.get(id, { signal });
    const health = await client.health({ signal, timeoutMs: 5_000 }).catch(() => undefined);
    const isFree = health !== undefined && isSandboxed(health, order.provider, order.createdAt);
    output.result(order, describe(session, order, isFree));
  }
}

function describe({ output: { paint }, pageOf }: Session, order: Order, isFree: boolean): string {
  const { items } = order.progress;
  const counts = (["pending", "processing", "completed", "failed", "cancelled"] as const)
    .filter((status) => items[status] > 0)
    .map((status) => `${items[status]} ${status}`);
  const facts: [string, string][] = [
    ["order", order.id],
    ["page", pageOf(order.id)],
    ["status", paintStatus(order, paint)],
    ["images", describeProducts(order)],
    ["calls", `${items.total}: ${counts.join(", ")}`],
    ["model", printable(`${order.provider} ${order.model}`)],
    ["prompt", printable(order.prompt)],
    ["seed", String(order.seed)],
    ["parameters", printable(JSON.stringify(order.parameters))],
    ["metadata", printable(JSON.stringify(order.metadata))],
    ["created", `${order.createdAt} (${formatAge(order.createdAt, Date.now())})`],
    ["took", order.finishedAt ? describeTook(order) : `not ended, ${describeTook(order)} so far`],
    ["cost", `${describeCost(order)}${isFree ? " (sandbox: nothing is charged)" : ""}`],
    ["error", order.error ? printable(`${order.error.message} (${order.error.code})`) : "none"],
  ];
  return facts.map(([name, value]) => `${paint("dim", name.padEnd(10))}  ${value}`).join("\n");
}

/** By the catalogue's price. */
function describeCost({ cost: { actualMicroUsd, chargedMicroUsd, estimatedMicroUsd }, finishedAt }: Order): string {
  if (actualMicroUsd === null) return "not in the catalogue";
  const delivered = `${formatMicroUsd(actualMicroUsd)} for what is delivered`;
  if (chargedMicroUsd === actualMicroUsd) return formatMicroUsd(chargedMicroUsd);
  if (chargedMicroUsd !== null) return `${formatMicroUsd(chargedMicroUsd)} charged, ${delivered}`;
  if (finishedAt !== null || estimatedMicroUsd === null) return `${delivered}, estimated`;
  return `${delivered}, of about ${formatMicroUsd(estimatedMicroUsd)}`;
}

const itemColumns: Column<Item>[] = [
  { title: "CALL", text: ({ index }) => placeOf(index), isNumber: true },
  { title: "STATUS", text: ({ status, outcome }) => (outcome ? `${status}, ${outcome}` : status) },
  { title: "IMAGES", text: ({ produced, batchSize }) => `${produced}/${batchSize}`, isNumber: true },
  { title: "ATTEMPT", text: ({ attempt }) => String(attempt), isNumber: true },
  { title: "WORKER", text: ({ workerId }) => workerId ?? "-" },
  { title: "REQUEST", text: ({ providerRequestId }) => providerRequestId ?? "-" },
  { title: "ERROR", text: ({ error }) => (error ? `${error.code}: ${error.message}` : "-") },
];

const productColumns: Column<Product>[] = [
  { title: "IMAGE", text: ({ index }) => placeOf(index), isNumber: true },
  { title: "PRODUCT", text: ({ id }) => id },
  { title: "TYPE", text: ({ contentType }) => contentType },
  { title: "SIZE", text: ({ width, height }) => `${width}×${height}` },
  { title: "BYTES", text: ({ bytes }) => String(bytes), isNumber: true },
  { title: "SEED", text: ({ seed }) => String(seed), isNumber: true },
  { title: "SHA256", text: ({ sha256 }) => sha256 },
];

async function gather<Entry>(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const gathered: Entry[] = [];
  for await (const entry of entries) gathered.push(entry);
  return gathered;
}
