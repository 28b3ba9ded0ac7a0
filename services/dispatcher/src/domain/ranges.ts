import type { ItemRange } from "@tirage/contracts";

/** An item as it is to be dispatched. */
export interface DispatchedItem {
  readonly index: number;
  readonly attempt: number;
  readonly batchSize?: number | undefined;
  /** The attempt a customer asked for, where this one followed by itself. */
  readonly firstAttempt?: number | undefined;
}

/** An entry carries no more ranges than this: with a long prompt it must stay under the 64 KiB of a message. */
export const largestNumberOfRanges = 500;

/** The items as ranges: neighbours of the same attempt and size are one. */
export function rangesOf(items: readonly DispatchedItem[]): ItemRange[] {
  const ranges: ItemRange[] = [];
  for (const item of items.toSorted((one, other) => one.index - other.index)) {
    const { index, attempt, batchSize, firstAttempt } = item;
    const last = ranges.at(-1);
    if (last && last.to + 1 === index && isAlike(last, item)) {
      last.to = index;
      continue;
    }
    ranges.push({
      ...{ from: index, to: index, attempt },
      ...(firstAttempt === undefined ? {} : { firstAttempt }),
      ...(batchSize === undefined ? {} : { batchSize }),
    });
  }
  return ranges;
}

const isAlike = (range: ItemRange, { attempt, batchSize, firstAttempt }: DispatchedItem) =>
  range.attempt === attempt && range.batchSize === batchSize && range.firstAttempt === firstAttempt;

export function countItems(ranges: readonly ItemRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** Up to `count` items of the ranges, counted as if they were one list, from position `start` on. */
export function itemsWithin(ranges: readonly ItemRange[], start: number, count: number): DispatchedItem[] {
  const items: DispatchedItem[] = [];
  let passed = 0;
  for (const { from, to, attempt, batchSize, firstAttempt } of ranges) {
    const size = to - from + 1;
    for (let offset = Math.max(0, start - passed); offset < size && items.length < count; offset++) {
      items.push({ index: from + offset, attempt, batchSize, firstAttempt });
    }
    passed += size;
    if (items.length === count) break;
  }
  return items;
}
