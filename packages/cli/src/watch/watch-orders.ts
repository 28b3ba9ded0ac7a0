import type { Order, OrderEvent, Product } from "@tirage/client";
import { CommandFailure } from "../failures.ts";
import { countOf, formatDuration, placeOf } from "../output/units.ts";
import type { Session } from "../session.ts";
import { describeEnd, describeProducts } from "./describe-order.ts";
import { openProductFolder, type ProductFolder } from "./product-folder.ts";
import { createSlots } from "./slots.ts";

/** Streams that are open at once; the other orders are followed when one has ended, and miss nothing. */
const ordersAtOnce = 16;
const downloadsAtOnce = 4;

export interface WatchResult {
  readonly orders: readonly Order[];
  /** Products that could not be saved, with why. */
  readonly unsaved: readonly string[];
  readonly saved: number;
  readonly wereThere: number;
}

interface Watch {
  readonly session: Session;
  readonly folder: ProductFolder | undefined;
  readonly signal: AbortSignal;
  readonly states: Map<string, Order>;
  readonly unsaved: string[];
  readonly counts: { saved: number; wereThere: number };
  readonly slots: ReturnType<typeof createSlots>;
  readonly total: number;
  readonly beganAtMs: number;
  /** Ends everything when one thing cannot go on. */
  readonly fail: (reason: unknown) => void;
}

/**
 * Follows orders until all have ended and, with a folder, all their products lie in it. Tells every event: as a line of
 * JSON, as a line of text into a pipe, or by the bar.
 * @throws the session's reason when it is ended; what it has begun to write is then whole or gone.
 */
export async function watchOrders(session: Session, orderIds: readonly string[], out?: string): Promise<WatchResult> {
  const failing = new AbortController();
  const signal = AbortSignal.any([session.signal, failing.signal]);
  const folder = out === undefined ? undefined : await openProductFolder(out, { client: session.client, signal });
  const watch: Watch = {
    session,
    folder,
    signal,
    states: new Map(),
    unsaved: [],
    counts: { saved: 0, wereThere: 0 },
    slots: createSlots(downloadsAtOnce),
    total: orderIds.length,
    beganAtMs: Date.now(),
    fail: (reason) => failing.abort(reason),
  };
  const inTurn = createSlots(ordersAtOnce);
  const ticking = setInterval(() => drawProgress(watch), 1_000);
  try {
    const follows = orderIds.map((id) => inTurn(() => follow(watch, id)).catch(watch.fail));
    await Promise.all(follows);
    signal.throwIfAborted();
  } finally {
    clearInterval(ticking);
    session.output.bar.clear();
  }
  const orders = orderIds.flatMap((id) => watch.states.get(id) ?? []);
  return { orders, unsaved: watch.unsaved, ...watch.counts };
}

async function follow(watch: Watch, orderId: string): Promise<void> {
  watch.signal.throwIfAborted();
  const downloads: Promise<void>[] = [];
  let said = "";
  for await (const event of watch.session.client.orders.events(orderId, { signal: watch.signal })) {
    if (event.type === "deleted") {
      tell(watch, event, `deleted ${orderId}`);
      throw new CommandFailure(`order ${orderId} was deleted`);
    }
    if (event.type === "product") {
      if (watch.folder) downloads.push(save(watch, watch.folder, event.product));
      else tell(watch, event, `product ${event.product.orderId} ${placeOf(event.product.index)} ${event.product.id}`);
    } else {
      watch.states.set(orderId, event.order);
      drawProgress(watch);
      // The end is told last, when everything that it brought is there.
      if (event.type === "end") await Promise.all(downloads);
      watch.signal.throwIfAborted();
      const text = `${event.order.id} ${event.order.status} ${describeProducts(event.order)}`;
      // Not every version shows in the text.
      if (event.type === "end" || watch.session.output.isJson || text !== said)
        tell(watch, event, `${event.type} ${text}`);
      said = text;
    }
    drawProgress(watch);
  }
}

/** A line of JSON, or of text where no person watches the bar. */
function tell({ session: { output } }: Watch, event: OrderEvent & { file?: string }, text: string): void {
  if (!output.isForPerson) output.result(event, text);
}

async function save(watch: Watch, folder: ProductFolder, product: Product): Promise<void> {
  try {
    const { file, wasThere } = await watch.slots(() => {
      watch.signal.throwIfAborted();
      return folder.save(product);
    });
    watch.counts[wasThere ? "wereThere" : "saved"] += 1;
    tell(watch, { type: "product", product, file }, `product ${product.orderId} ${placeOf(product.index)} ${file}`);
    drawProgress(watch);
  } catch (error) {
    // A folder that cannot be written to will not take the others either.
    if (watch.signal.aborted || isOfFileSystem(error)) watch.fail(error);
    else watch.unsaved.push(error instanceof Error ? error.message : String(error));
  }
}

const isOfFileSystem = (error: unknown): boolean => error instanceof Error && "syscall" in error && "path" in error;

function drawProgress({ session, states, folder, counts, total, beganAtMs }: Watch): void {
  const orders = [...states.values()];
  const sum = (read: (order: Order) => number) => orders.reduce((amount, order) => amount + read(order), 0);
  const requested = sum((order) => order.progress.products.requested);
  const produced = sum((order) => order.progress.products.produced);
  const landed = folder ? counts.saved + counts.wereThere : produced;
  const failed = sum((order) => order.progress.items.failed);
  const ended = orders.filter(({ finishedAt }) => finishedAt !== null).length;
  const parts = [
    `${landed}/${requested} ${folder ? "saved" : "images"}`,
    total > 1
      ? `${ended}/${total} orders`
      : `${sum((order) => order.progress.items.completed)}/${countOf(
          sum((order) => order.progress.items.total),
          "call",
        )}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    formatDuration(Date.now() - beganAtMs),
  ];
  // Of several orders those that were not reached yet count as none of their images.
  const share = total > 1 ? { done: ended, total } : { done: landed, total: requested };
  session.output.bar.update({ ...share, text: parts.join(" · ") });
}

/** Says how watched orders ended. @throws CommandFailure when one failed or was cancelled, or a product is missing. */
export function concludeWatch({ output }: Session, result: WatchResult, out: string | undefined): void {
  const { orders, unsaved, saved, wereThere } = result;
  if (output.isForPerson) {
    for (const order of orders) {
      const name = orders.length > 1 ? `${order.id}  ` : "";
      output.result(order, `${name}${describeEnd(order, output.paint)}`);
    }
    const before = wereThere > 0 ? `, ${wereThere} of them were there before` : "";
    if (out !== undefined) output.result(undefined, `${countOf(saved + wereThere, "file")} in ${out}${before}`);
  }
  for (const order of orders) {
    const isShort = order.status === "completed" && order.partial;
    if (isShort && !output.isForPerson) output.warn(`order ${order.id}: ${describeEnd(order, (_, text) => text)}`);
  }
  for (const reason of unsaved) output.warn(reason);
  const lost = orders.filter(({ status }) => status !== "completed");
  if (lost.length > 0) {
    const [first] = lost;
    const message =
      lost.length === 1 && first
        ? `order ${first.id}: ${describeEnd(first, (_, text) => text)}`
        : `${lost.length} of ${orders.length} orders did not complete`;
    throw new CommandFailure(message, {
      advice: first && `tirage order get ${first.id} --items says why; tirage order retry runs again what failed`,
    });
  }
  if (unsaved.length > 0) {
    throw new CommandFailure(`${countOf(unsaved.length, "image")} could not be saved`, {
      advice: "run the same command again: what lies there whole is not downloaded again",
    });
  }
}
