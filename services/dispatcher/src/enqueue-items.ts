import { type DispatchedItem, itemsWithin, largestNumberOfRanges, rangesOf } from "./domain/ranges.ts";
import { sliceOrder } from "./domain/slice-order.ts";
import type { DispatchedOrder, Entry, RunQueue } from "./ports.ts";

const publishedAtOnce = 200;

function entryOf(order: DispatchedOrder, items: readonly DispatchedItem[], epoch: number): Entry | undefined {
  const ranges = rangesOf(items).slice(0, largestNumberOfRanges);
  const [first] = ranges;
  return first && { order, next: 0, attempt: first.attempt, epoch, ranges };
}

/**
 * Gives the order an entry of these items and answers those that it holds: as many as an entry may, none when the order
 * has an entry already. The turn comes after the entry, as for a new order.
 */
export async function addEntryOfItems(
  runQueue: RunQueue,
  order: DispatchedOrder,
  items: readonly DispatchedItem[],
  epoch: number,
): Promise<readonly DispatchedItem[]> {
  const entry = entryOf(order, items, epoch);
  if (!entry?.ranges || !(await runQueue.addEntry(entry))) return [];
  await runQueue.ensureTurn({ provider: order.provider, lane: order.priority, tenantId: order.tenantId });
  return itemsWithin(entry.ranges, 0, items.length);
}

/** Queues all of the items: by an entry, and what it does not hold straight on the work queue. */
export async function enqueueItems(
  runQueue: RunQueue,
  order: DispatchedOrder,
  items: readonly DispatchedItem[],
  epoch: number,
): Promise<void> {
  const held = new Set((await addEntryOfItems(runQueue, order, items, epoch)).map(({ index }) => index));
  const rest = items.filter(({ index }) => !held.has(index));
  await publishItems(runQueue, order, rest, epoch);
}

/** Puts the items straight on the work queue, past the order's turn: its entry is about others of its items. */
async function publishItems(
  runQueue: RunQueue,
  order: DispatchedOrder,
  items: readonly DispatchedItem[],
  epoch: number,
): Promise<void> {
  for (let start = 0; start < items.length; start += publishedAtOnce) {
    const entry = entryOf(order, items.slice(start, start + publishedAtOnce), epoch);
    if (!entry) return;
    const { work } = sliceOrder(entry, publishedAtOnce);
    await Promise.all(work.map((message) => runQueue.publishWork(message)));
  }
}
