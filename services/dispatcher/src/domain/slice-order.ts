import {
  batchSizeOf,
  dispatchEntry,
  generationSeed,
  itemIdOf,
  type MessageOf,
  type PayloadOf,
  workRequested,
} from "@tirage/contracts";

type Entry = PayloadOf<typeof dispatchEntry>;

export interface Slice {
  readonly work: readonly MessageOf<typeof workRequested>[];
  /** The entry with what is left of the order; undefined when this slice was the last. */
  readonly rest: MessageOf<typeof dispatchEntry> | undefined;
}

function workOf({ order, attempt, epoch }: Entry, index: number): MessageOf<typeof workRequested> {
  const { orderId, tenantId, provider, model, modelVersion, prompt, parameters, plan, seed, expiresAt } = order;
  return workRequested.create({
    itemId: itemIdOf(orderId, index),
    orderId,
    tenantId,
    index,
    attempt,
    epoch,
    batchSize: batchSizeOf(plan, index),
    provider,
    model,
    ...(modelVersion === undefined ? {} : { modelVersion }),
    prompt,
    parameters,
    seed: generationSeed(seed, index),
    ...(expiresAt === undefined ? {} : { deadline: expiresAt }),
  });
}

/** The next generations of an order, at most `quantum`, as work messages, and the entry that remains. */
export function sliceOrder(entry: Entry, quantum: number): Slice {
  const { generations } = entry.order.plan;
  const end = Math.min(generations, entry.next + quantum);
  const work = Array.from({ length: Math.max(0, end - entry.next) }, (_, offset) => workOf(entry, entry.next + offset));
  return { work, rest: end >= generations ? undefined : dispatchEntry.create({ ...entry, next: end }) };
}
