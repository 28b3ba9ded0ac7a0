import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Order } from "@tirage/client";
import { UsageError } from "../failures.ts";
import type { OrderDraft } from "../order-flags.ts";
import { type CheckedOrder, checkOrders } from "../orders-file/check-orders.ts";
import { type Chunk, chunkOrders } from "../orders-file/chunk-orders.ts";
import { readOrders } from "../orders-file/read-orders.ts";
import { countOf, formatMicroUsd } from "../output/units.ts";
import type { Session } from "../session.ts";
import { isWatched, type WatchFlags, watchToTheEnd } from "./watch-flags.ts";

interface FromFlags extends WatchFlags {
  readonly from: string;
  readonly key?: string;
  readonly dryRun?: boolean;
}

/** Places an order for each line of a file: first every line is checked, then they are placed chunk by chunk. */
export async function createFromFile(session: Session, flags: FromFlags, defaults: OrderDraft): Promise<void> {
  const { client, output, signal } = session;
  if (defaults.prompt !== undefined) throw new UsageError("--prompt and --from exclude each other");
  const orders = readOrders(flags.from, await readText(flags.from), defaults);
  const checked = await checkOrders(client, flags.from, orders, signal);
  const chunks = chunkOrders(checked, flags.key);
  warnOf(session, flags.from, checked);
  if (flags.dryRun) return showQuotes(session, checked);
  output.note(`${describe(checked)}, in ${countOf(chunks.length, "request")}`);
  const placed = await placeChunks(session, chunks, { isFollowed: isWatched(flags), total: checked.length });
  if (isWatched(flags)) return await watchToTheEnd(session, placed, flags);
  output.note(`${countOf(placed.length, "order")} placed`);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(resolve(file), "utf8");
  } catch (error) {
    throw new UsageError(`--from ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function placeChunks(
  session: Session,
  chunks: readonly Chunk[],
  { isFollowed, total }: { readonly isFollowed: boolean; readonly total: number },
): Promise<string[]> {
  const { client, output, signal } = session;
  const ids: string[] = [];
  let again = 0;
  try {
    for (const { orders, key } of chunks) {
      const requests = orders.map(({ request }) => request);
      const placed = await client.orders.createBatch(requests, { idempotencyKey: key, signal });
      if (session.wasReplayed()) again += placed.length;
      for (const order of placed) announce(session, order, isFollowed);
      ids.push(...placed.map(({ id }) => id));
      output.bar.update({ done: ids.length, total, text: `${ids.length}/${total} orders placed` });
    }
  } catch (error) {
    output.warn(
      `${ids.length} of ${countOf(total, "order")} were placed; run the same command again for the rest: nothing is ordered twice`,
    );
    throw error;
  }
  output.bar.clear();
  if (again > 0) output.note(`${again} of them were ordered before: give another --key to order them anew`);
  return ids;
}

function announce({ output, pageOf }: Session, order: Order, isFollowed: boolean): void {
  // Where events follow, the first of them is the order; for a person a long list before the bar would only scroll.
  if (!isFollowed) output.result(order, `${order.id}  ${pageOf(order.id)}`);
}

/** Each warning once, with the first line that it is of. */
function warnOf({ output }: Session, name: string, orders: readonly CheckedOrder[]): void {
  const linesOf = new Map<string, number[]>();
  for (const { line, quote } of orders) {
    for (const warning of quote.warnings) linesOf.set(warning, [...(linesOf.get(warning) ?? []), line]);
  }
  for (const [warning, [first, ...others]] of linesOf) {
    const more = others.length > 0 ? ` (and ${countOf(others.length, "line")} more)` : "";
    output.warn(`${name}:${first}: ${warning}${more}`);
  }
}

function showQuotes({ output }: Session, orders: readonly CheckedOrder[]): void {
  if (output.isJson) for (const { line, quote } of orders) output.result({ line, ...quote }, "");
  else output.result(undefined, `${describe(orders)}; nothing was ordered`);
}

function describe(orders: readonly CheckedOrder[]): string {
  const sum = (read: (order: CheckedOrder) => number) => orders.reduce((amount, order) => amount + read(order), 0);
  const hasPrice = orders.every(({ quote }) => quote.estimatedCostMicroUsd !== null);
  const cost = formatMicroUsd(sum(({ quote }) => quote.estimatedCostMicroUsd ?? 0));
  const images = countOf(
    sum(({ quote }) => quote.totalProducts),
    "image",
  );
  return `${countOf(orders.length, "order")}: ${images}, ${hasPrice ? `about ${cost}` : "price unknown"}`;
}
