import type { ItemRange } from "@tirage/contracts";

/** An item as it is to be dispatched. */
export interface DispatchedItem {
  readonly index: number;
  readonly attempt: number;
  readonly batchSize?: number | undefined;
}

/** An entry carries no more ranges than this: with a long prompt it must stay under the 64 KiB of a message. */
export const largestNumberOfRanges = 500;

/** The items as ranges: neighbours of the same attempt and size are one. */
export function rangesOf(items: readonly DispatchedItem[]): ItemRange[] {
  const ranges: ItemRange[] = [];
  for (const { index, attempt, batchSize } of items.toSorted((one, other) => one.index - other.index)) {
    const last = ranges.at(-1);
    if (last && last.to + 1 === index && last.attempt === attempt && last.batchSize === batchSize) last.to = index;
    else ranges.push({ from: index, to: index, attempt, ...(batchSize === undefined ? {} : { batchSize }) });
  }
  return ranges;
}

export function countItems(ranges: readonly ItemRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** Up to `count` items of the ranges, counted as if they were one list, from position `start` on. */
export function itemsWithin(ranges: readonly ItemRange[], start: number, count: number): DispatchedItem[] {
  const items: DispatchedItem[] = [];
  let passed = 0;
  for (const { from, to, attempt, batchSize } of ranges) {
    const size = to - from + 1;
    for (let offset = Math.max(0, start - passed); offset < size && items.length < count; offset++) {
      items.push({ index: from + offset, attempt, batchSize });
    }
    passed += size;
    if (items.length === count) break;
  }
  return items;
}
