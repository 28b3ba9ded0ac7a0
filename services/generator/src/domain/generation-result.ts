/**
 * What one generation ended with: the fact that is announced. The ledger keeps the fact itself, so a redelivery
 * announces the very same one.
 */
import {
  type Failure,
  itemCancelled,
  itemCompleted,
  itemFailed,
  type MessageOf,
  type Output,
  type PayloadOf,
  workRequested,
} from "@tirage/contracts";
import { z } from "zod";

export type Work = PayloadOf<typeof workRequested>;
export type GenerationResult =
  | MessageOf<typeof itemCompleted>
  | MessageOf<typeof itemFailed>
  | MessageOf<typeof itemCancelled>;
export type CancelOutcome = PayloadOf<typeof itemCancelled>["outcome"];
/** Why a generation is stopped before its end: a customer cancelled the order, or its deadline has passed. */
export type StopReason = "customer" | "deadline";
export type Timings = NonNullable<PayloadOf<typeof itemCompleted>["timings"]>;

export type Recovery = NonNullable<PayloadOf<typeof itemCompleted>["recovery"]>;

/** Who ended it, and when. */
export interface Ending {
  readonly workerId: string;
  readonly finishedAt: Date;
  /** Absent when the provider never named the call. */
  readonly requestId?: string | undefined;
  /** How an unknown submit was decided; absent when it never was unknown. */
  readonly recovery?: Recovery | undefined;
  /** Outputs that the provider charges for; absent when it is what was produced. */
  readonly charged?: number | undefined;
}

function attemptFields(
  { itemId, orderId, index, attempt }: Pick<Work, "itemId" | "orderId" | "index" | "attempt">,
  { workerId, finishedAt, requestId, recovery, charged }: Ending,
) {
  return {
    itemId,
    orderId,
    index,
    attempt,
    workerId,
    finishedAt: finishedAt.toISOString(),
    ...(requestId === undefined ? {} : { providerRequestId: requestId }),
    ...(recovery === undefined ? {} : { recovery }),
    ...(charged === undefined ? {} : { charged }),
  };
}

/** `item.completed`, with as many outputs as could be had. */
export function completedResult(
  work: Work,
  made: {
    readonly outputs: readonly Output[];
    readonly timings?: Timings | undefined;
    readonly costMicroUsd?: number | undefined;
    readonly startedAt?: Date | undefined;
  },
  ending: Ending,
): GenerationResult {
  const { outputs, timings, costMicroUsd, startedAt } = made;
  return itemCompleted.create({
    ...attemptFields(work, ending),
    requested: work.batchSize,
    produced: outputs.length,
    outputs: [...outputs],
    ...(timings === undefined ? {} : { timings }),
    ...(costMicroUsd === undefined ? {} : { costMicroUsd }),
    ...(startedAt === undefined ? {} : { startedAt: startedAt.toISOString() }),
  });
}

/** `item.failed`. Providers' own words are made fit for Postgres, which stores neither NUL nor half a surrogate pair. */
export function failedResult(work: Work, failure: Failure, ending: Ending): GenerationResult {
  const message = failure.message.replaceAll("\0", "").toWellFormed();
  return itemFailed.create({ ...attemptFields(work, ending), error: { ...failure, message } });
}

const outcomeInWords: Record<CancelOutcome, string> = {
  not_started: "it was not started and is not charged",
  aborted: "the provider stopped it and does not charge it",
  billed: "the provider stopped it and charges it",
};

/** The end of what was stopped: `item.cancelled` when a customer asked, `item.failed` when the deadline did. */
export function stoppedResult(
  work: Pick<Work, "itemId" | "orderId" | "index" | "attempt">,
  { reason, outcome }: { readonly reason: StopReason; readonly outcome: CancelOutcome },
  ending: Ending,
): GenerationResult {
  const fields = attemptFields(work, ending);
  if (reason === "customer") return itemCancelled.create({ ...fields, outcome });
  const message = `the order's deadline passed; ${outcomeInWords[outcome]}`;
  return itemFailed.create({ ...fields, error: { code: "deadline_exceeded", message, retryable: false } });
}

/** The work of the attempt that follows one which its provider failed. */
export type NextAttempt = MessageOf<typeof workRequested>;

/** What one call ended with: the end of its item, or the attempt that follows. */
export type CallResult = GenerationResult | NextAttempt;

const recorded = z.object({ type: z.string(), payload: z.unknown() });

/** The result as the ledger keeps it. */
export function recordOf({ type, payload }: CallResult): z.infer<typeof recorded> {
  return { type, payload };
}

/**
 * The result that a ledger row holds.
 * @throws when it is not one that any version of the generator recorded.
 */
export function readRecord(record: unknown): CallResult {
  const { type, payload } = recorded.parse(record);
  if (type === itemCompleted.type) return itemCompleted.create(itemCompleted.read(payload));
  if (type === itemFailed.type) return itemFailed.create(itemFailed.read(payload));
  if (type === itemCancelled.type) return itemCancelled.create(itemCancelled.read(payload));
  if (type === workRequested.type) return workRequested.create(workRequested.read(payload));
  throw new Error(`the ledger holds a result of unknown type ${type}`);
}

/** Whether this is the end of the item, rather than the attempt that follows. */
export const isEnd = (result: CallResult): result is GenerationResult => result.name !== workRequested.name;

/** How a generation ended, for the metrics: `completed`, `partial`, or the code of its failure. */
export function outcomeOf(result: GenerationResult): string {
  if (result.name === "item.failed") return result.payload.error.code;
  if (result.name === "item.cancelled") return result.payload.outcome;
  return result.payload.produced < result.payload.requested ? "partial" : "completed";
}
