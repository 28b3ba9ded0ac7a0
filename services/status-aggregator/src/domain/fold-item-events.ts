/**
 * Many events about items, in any order, repeated, of several attempts, become one transition to try for each item:
 *
 * - the highest attempt wins; what lower ones say is dropped;
 * - within an attempt the first terminal event stands, and a terminal beats `item.started`;
 * - what `item.started` knows (when, at which provider request) is kept beside the terminal of the same attempt.
 */
import type {
  Failure,
  itemCancelled,
  itemCompleted,
  itemFailed,
  itemStarted,
  Output,
  PayloadOf,
} from "@tirage/contracts";

/** A single item event, told apart by `name`. */
export type ItemEvent =
  | { readonly name: "item.started"; readonly payload: PayloadOf<typeof itemStarted> }
  | { readonly name: "item.completed"; readonly payload: PayloadOf<typeof itemCompleted> }
  | { readonly name: "item.failed"; readonly payload: PayloadOf<typeof itemFailed> }
  | { readonly name: "item.cancelled"; readonly payload: PayloadOf<typeof itemCancelled> };

/** What an item would become. Whether it does, the item's row decides (`adapters/item-statements.ts`). */
export interface ItemTransition {
  readonly itemId: string;
  readonly orderId: string;
  readonly index: number;
  readonly attempt: number;
  readonly status: "processing" | "completed" | "failed" | "cancelled";
  readonly workerId: string;
  /** RFC 3339; null when unknown. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly providerRequestId: string | null;
  readonly error: Failure | null;
  /** How the unknown outcome of its submit was decided; null when it never was unknown. */
  readonly recovery: string | null;
  /** Of a cancelled item: whether it was billed. */
  readonly cancelOutcome: string | null;
  /** Empty unless completed. */
  readonly outputs: readonly Output[];
}

/** One transition for each item that the events speak of, in the order in which the items first appear. */
export function foldItemEvents(events: readonly ItemEvent[]): ItemTransition[] {
  const transitions = new Map<string, ItemTransition>();
  for (const event of events) {
    const next = transitionOf(event);
    const known = transitions.get(next.itemId);
    transitions.set(next.itemId, known ? foldTransitions(known, next) : next);
  }
  return [...transitions.values()];
}

function foldTransitions(known: ItemTransition, next: ItemTransition): ItemTransition {
  if (next.attempt !== known.attempt) return next.attempt > known.attempt ? next : known;
  if (next.status === "processing" && known.status === "processing") return earlierStarted(known, next);
  if (next.status === "processing") return withStartedFacts(known, next);
  return known.status === "processing" ? withStartedFacts(next, known) : known;
}

/** Of two starts of one attempt (a worker took over from another) the first is when the item started. */
function earlierStarted(known: ItemTransition, next: ItemTransition): ItemTransition {
  const isEarlier = Date.parse(next.startedAt ?? "") < Date.parse(known.startedAt ?? "");
  return isEarlier ? next : known;
}

/** The terminal event's own word goes first: it is of the worker that brought the item to its end. */
function withStartedFacts(terminal: ItemTransition, started: ItemTransition): ItemTransition {
  return {
    ...terminal,
    startedAt: terminal.startedAt ?? started.startedAt,
    providerRequestId: terminal.providerRequestId ?? started.providerRequestId,
  };
}

function transitionOf({ name, payload }: ItemEvent): ItemTransition {
  const { itemId, orderId, index, attempt, workerId } = payload;
  const unsaid = {
    startedAt: null,
    finishedAt: null,
    providerRequestId: null,
    error: null,
    recovery: null,
    cancelOutcome: null,
    outputs: [],
  };
  const common = { itemId, orderId, index, attempt, workerId, ...unsaid };
  switch (name) {
    case "item.started": {
      const { startedAt, providerRequestId } = payload;
      return { ...common, status: "processing", startedAt, providerRequestId };
    }
    case "item.completed": {
      const { startedAt = null, finishedAt, providerRequestId = null, recovery = null, outputs } = payload;
      return { ...common, status: "completed", startedAt, finishedAt, providerRequestId, recovery, outputs };
    }
    case "item.failed": {
      const { finishedAt, providerRequestId = null, recovery = null, error } = payload;
      return { ...common, status: "failed", finishedAt, providerRequestId, recovery, error };
    }
    case "item.cancelled": {
      const { finishedAt, providerRequestId = null, recovery = null, outcome: cancelOutcome } = payload;
      return { ...common, status: "cancelled", finishedAt, providerRequestId, recovery, cancelOutcome };
    }
  }
}
