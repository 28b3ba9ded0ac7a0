/**
 * Which extra items make up for what an order lacks once all its items have ended. An extra item stands behind the
 * planned ones and is like them in all but its size and its seed; the next time all items have ended, what is still
 * missing is asked for again, within bounds.
 */
import { generationSeed, itemIdOf, maximumOutputsPerCall, type OrderRow } from "@tirage/contracts";

/** An item of an order whose items have all ended. */
export interface EndedItem {
  readonly index: number;
  readonly status: string;
  /** Outputs asked of it. */
  readonly batchSize: number;
  readonly produced: number;
  /** Why it failed. */
  readonly code: string | null;
  readonly createdAt: Date;
}

export interface ExtraItem {
  readonly id: string;
  readonly orderId: string;
  readonly index: number;
  readonly batchSize: number;
  readonly seed: number;
}

/** Extra items of one order that wait to be dispatched. */
export interface TopUp {
  readonly orderId: string;
  readonly items: readonly { readonly index: number; readonly batchSize: number }[];
}

/** Failures that a fresh seed cannot mend, or that may have been charged already: a person decides about those. */
const lastingFailures: ReadonlySet<string> = new Set([
  "validation",
  "model_not_found",
  "provider_refused",
  "provider_account",
  "outcome_unknown",
  "deadline_exceeded",
  "lost",
  "request_not_found",
  "output_unreadable",
  "crash_loop",
]);

/** Extra items of one order, over all rounds. */
export function maximumExtraItems(generations: number): number {
  return Math.max(10, 2 * generations);
}

/** Keeps the message that names the items of a round well within 64 KiB. */
const maximumItemsPerRound = 1_000;

/** Rounds in a row, and items in them, that brought nothing: then the next would not either. */
const fruitless = { rounds: 2, items: 5 };

/**
 * The extra items that the order gets now; none when it lacks nothing, may not have any, or has had enough.
 * @param order all of whose items have ended.
 * @param items all of them, by index.
 */
export function planTopUp(order: OrderRow, items: readonly EndedItem[]): ExtraItem[] {
  const extra = items.filter(({ index }) => index >= order.generations);
  const allowed = Math.min(maximumExtraItems(order.generations) - extra.length, maximumItemsPerRound);
  const missing = missingProducts(order, items);
  if (!mayBeToppedUp(order) || missing <= 0 || allowed <= 0 || hasBroughtNothing(extra)) return [];
  const batchSize = Math.min(order.batchSize, maximumOutputsPerCall);
  const count = Math.min(Math.ceil(missing / batchSize), allowed);
  return Array.from({ length: count }, (_, position) => {
    const index = order.itemsTotal + position;
    return {
      id: itemIdOf(order.id, index),
      orderId: order.id,
      index,
      batchSize: Math.min(batchSize, missing - position * batchSize),
      seed: generationSeed(Number(order.seed), index),
    };
  });
}

/** Whether the order asked for it and lacks products, and nobody stopped any part of it. */
export function mayBeToppedUp(order: OrderRow): boolean {
  const isShort = order.productsProduced < order.productsRequested;
  return order.shortfall === "top_up" && isShort && order.itemsCancelled === 0;
}

/** What the order lacks, but for what failed for good. */
function missingProducts(order: OrderRow, items: readonly EndedItem[]): number {
  let missing = order.productsRequested - order.productsProduced;
  for (const { status, code, batchSize } of items) {
    if (status === "failed" && lastingFailures.has(code ?? "")) missing -= batchSize;
  }
  return missing;
}

function hasBroughtNothing(extra: readonly EndedItem[]): boolean {
  const rounds = roundsOf(extra);
  const barren = rounds.slice(rounds.findLastIndex((round) => round.some(({ produced }) => produced > 0)) + 1);
  return barren.length >= fruitless.rounds && barren.flat().length >= fruitless.items;
}

/** Items that were inserted together, by index. */
function roundsOf<Item extends Pick<EndedItem, "createdAt">>(extra: readonly Item[]): Item[][] {
  const rounds: Item[][] = [];
  for (const item of extra) {
    const round = rounds.at(-1);
    if (round?.[0]?.createdAt.getTime() === item.createdAt.getTime()) round.push(item);
    else rounds.push([item]);
  }
  return rounds;
}

/**
 * The round that nobody has begun: its announcement may have been lost. An item that is no longer pending shows that
 * it was heard.
 * @param extra all extra items of the order, by index.
 */
export function unheardRound<Item extends Pick<EndedItem, "createdAt" | "status">>(extra: readonly Item[]): Item[] {
  const last = roundsOf(extra).at(-1) ?? [];
  return last.every(({ status }) => status === "pending") ? last : [];
}
