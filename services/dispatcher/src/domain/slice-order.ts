import {
  batchSizeOf,
  dispatchEntry,
  generationSeed,
  itemIdOf,
  type MessageOf,
  type PayloadOf,
  workRequested,
} from "@tirage/contracts";
import { countItems, type DispatchedItem, itemsWithin } from "./ranges.ts";

type Entry = PayloadOf<typeof dispatchEntry>;

export interface Slice {
  readonly work: readonly MessageOf<typeof workRequested>[];
  /** The entry with what is left of the order; undefined when this slice was the last. */
  readonly rest: MessageOf<typeof dispatchEntry> | undefined;
}

function workOf(
  { order, epoch }: Entry,
  { index, attempt, batchSize, firstAttempt }: DispatchedItem,
): MessageOf<typeof workRequested> {
  const { orderId, tenantId, provider, model, modelVersion, prompt, parameters, plan, seed, expiresAt } = order;
  return workRequested.create({
    itemId: itemIdOf(orderId, index),
    orderId,
    tenantId,
    index,
    attempt,
    ...(firstAttempt === undefined ? {} : { firstAttempt }),
    epoch,
    batchSize: batchSize ?? batchSizeOf(plan, index),
    provider,
    model,
    ...(modelVersion === undefined ? {} : { modelVersion }),
    prompt,
    parameters,
    seed: generationSeed(seed, index),
    ...(expiresAt === undefined ? {} : { deadline: expiresAt }),
  });
}

/** What the entry is about: its ranges, or the whole plan. */
const rangesOfEntry = ({ order, attempt, ranges }: Entry) =>
  ranges ?? [{ from: 0, to: order.plan.generations - 1, attempt }];

/** The next generations of an order, at most `quantum`, as work messages, and the entry that remains. */
export function sliceOrder(entry: Entry, quantum: number): Slice {
  const ranges = rangesOfEntry(entry);
  const work = itemsWithin(ranges, entry.next, quantum).map((item) => workOf(entry, item));
  const next = entry.next + work.length;
  return { work, rest: next >= countItems(ranges) ? undefined : dispatchEntry.create({ ...entry, next }) };
}
