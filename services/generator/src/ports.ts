/** What the generator needs of the outside; adapters implement it, handlers and domain know nothing else. */
import type { Failure, Output, Parameters } from "@tirage/contracts";
import type { Recovery } from "./domain/generation-result.ts";
import type { PassingFailure } from "./domain/new-attempt.ts";

/** One provider call, in our words. */
export interface SubmitRequest {
  readonly model: string;
  readonly modelVersion: string | undefined;
  readonly prompt: string;
  readonly parameters: Parameters;
  readonly batchSize: number;
  readonly seed: number;
  /** Known to the ledger; travels in the callback URL so that a lost answer can still be matched. */
  readonly nonce: string;
}

/** What is known after a submit. Only `unknown` leaves open whether the provider will charge. */
export type SubmitOutcome =
  | { readonly kind: "accepted"; readonly requestId: string }
  /** Refused for good: repeating it would be refused again. Not charged. */
  | { readonly kind: "refused"; readonly failure: Failure }
  /** Surely not accepted and not charged (429, connection refused): may be submitted again after the delay. */
  | {
      readonly kind: "not_accepted";
      readonly reason: string;
      readonly retryAfterMs: number;
      /** The provider was not reached, rather than asking for a pause. */
      readonly isUnreachable?: boolean;
    }
  /** No answer, or one that cannot be read: the provider may have accepted it and may charge. */
  | { readonly kind: "unknown"; readonly reason: string };

/** One output as the provider names it, before it is fetched. */
export interface RemoteOutput {
  /** Position among the outputs asked for; a filtered output leaves a gap. */
  readonly index: number;
  readonly url: string;
}

export type RequestState =
  | { readonly kind: "running" }
  /**
   * `outputs` may be fewer than asked: dropped and filtered ones are left out. `charged`: how many are charged for, when
   * that is not what is left.
   */
  | { readonly kind: "succeeded"; readonly outputs: readonly RemoteOutput[]; readonly charged?: number }
  /**
   * `stopped`: it ended since somebody asked the provider to stop it, and whether it is charged all the same. `charged`:
   * how many outputs are, although none can be had. `passing`: a new call may go well; absent when it would not, or when
   * this one may be charged in full.
   */
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      readonly stopped?: "aborted" | "billed";
      readonly charged?: number;
      readonly passing?: PassingFailure;
    };

/** A submission whose answer was lost. */
export interface SoughtSubmission {
  readonly request: SubmitRequest;
  readonly submittedAt: Date;
  /** Ends the search with its reason. */
  readonly signal: AbortSignal;
}

export interface FoundSubmissions {
  readonly requestIds: readonly string[];
  /** Whether the nonce says so; else only model and input do, seed included, and another call may have the same. */
  readonly surely: boolean;
}

/** A provider that charges: its calls are guarded by the ledger. Every method has its own timeout. */
export interface BilledProvider {
  readonly name: string;
  /** Leaves the process at most once, whatever the client library would repeat. Never throws. */
  submit(request: SubmitRequest): Promise<SubmitOutcome>;
  /**
   * Free and repeatable.
   * @throws RetryLaterError when the provider does not answer readably.
   */
  check(requestId: string, request: Pick<SubmitRequest, "model">, signal: AbortSignal): Promise<RequestState>;
  /**
   * Request ids that may be a submission whose answer was lost, by what the provider itself lists; absent where it lists
   * nothing. `surely`: they carry the nonce. Free and repeatable; throws as `check` does.
   */
  findSubmission?(sought: SoughtSubmission): Promise<FoundSubmissions>;
  /** Asks the provider to stop; advisory. */
  cancel(requestId: string, request: Pick<SubmitRequest, "model">): Promise<void>;
  /** Millionths of a dollar for what was produced, by the catalogue's price; undefined when unknown. */
  estimateCostMicroUsd(model: string, outputs: readonly Output[]): number | undefined;
  /** Origins, such as `https://v3.fal.media`, from which this provider's outputs may be fetched; `*.` for subdomains. */
  readonly outputOrigins: readonly string[];
}

/** A provider that charges nothing and answers at once: no ledger guards it, nothing is fetched or stored. */
export interface UnbilledProvider {
  readonly name: string;
  /** As many outputs as asked. */
  generate(request: Pick<SubmitRequest, "batchSize" | "seed">): readonly Output[];
}

/** A stored-to-be output: fetched whole, decoded once to prove it is an image, measured and hashed. */
export interface FetchedOutput {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** File name extension that goes with the content type, without a dot. */
  readonly extension: string;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

/**
 * Fetches an output from an allowed origin.
 * @throws RetryLaterError when trying again can help; OutputUnavailableError when it cannot.
 */
export type FetchOutput = (
  url: string,
  options: { allowedOrigins: readonly string[]; signal: AbortSignal },
) => Promise<FetchedOutput>;

/** The output cannot be had: gone from its address, not an image, too large, or at an origin that is not allowed. */
export class OutputUnavailableError extends Error {
  readonly code: "output_unavailable" | "output_gone" | "output_invalid" | "output_forbidden";
  constructor(code: OutputUnavailableError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "OutputUnavailableError";
    this.code = code;
  }
}

/** Where outputs are kept, under deterministic keys: writing one again replaces it with the same bytes. */
export interface BlobWriter {
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
}

/** Which item attempt a ledger row is about. */
export interface CallKey {
  readonly itemId: string;
  readonly attempt: number;
}

/** An item that may be ended before it is submitted. */
export interface StoppableItem extends CallKey {
  readonly orderId: string;
  readonly index: number;
}

/** What the ledger answers to a claim. */
export type ClaimVerdict =
  /** Ours to submit, now and once. */
  | { readonly kind: "submit"; readonly nonce: string; readonly recovery?: Recovery | undefined }
  /** Submitted before, this long ago: wait for this request. */
  | {
      readonly kind: "resume";
      readonly requestId: string;
      readonly submitAgeMs: number;
      readonly recovery?: Recovery | undefined;
    }
  /** Ended before: announce this result again. */
  | { readonly kind: "finished"; readonly result: unknown }
  /** Another worker's lease is alive for this long. */
  | { readonly kind: "held"; readonly leaseLeftMs: number }
  /** Submitting was begun and never checkpointed; nobody knows whether the provider accepted. */
  | {
      readonly kind: "unknown";
      readonly submitAgeMs: number;
      readonly nonce: string;
      /** How often the right to submit was given so far. */
      readonly submits: number;
    };

export interface Claim {
  readonly verdict: ClaimVerdict;
  /** The lease and, with `submit`, the right to submit. */
  readonly token: string;
  /** By this process's monotonic clock, from before the claim was sent: after it the lease may be another's. */
  readonly leaseDeadline: number;
  /** Whether a cancel of the item's order covers this attempt. */
  readonly isCancelled: boolean;
}

/** What a checkpoint left in the ledger. */
export interface CheckpointAnswer {
  /** Whether the row carries this request id; if not, the request is a second one that nobody waits for. */
  readonly recorded: boolean;
  /** Whether the lease is still this claim's; if not, another worker waits for the request. */
  readonly held: boolean;
}

export type FinishAnswer =
  /** The call ended with this result, which may be an earlier one. */
  | { readonly kind: "finished"; readonly result: unknown }
  /** The row is about another request, which has not ended. */
  | { readonly kind: "superseded" };

export type AbandonAnswer =
  /** The call ended with this result, which may be an earlier one. */
  | { readonly kind: "finished"; readonly result: unknown }
  /** A worker's lease is alive for this long. */
  | { readonly kind: "held"; readonly leaseLeftMs: number };

/** Who holds a lease and hears what its renewals find. */
export interface LeaseListener {
  /** Called once when the lease was found to be another's. */
  onLost(): void;
  /** Called by every renewal since the call's order was cancelled, in case its holder did not hear of it. */
  onCancelled(): void;
}

/** The pay-once ledger. Every method is one grouped statement; errors are RetryLaterError when the database is away. */
export interface Ledger {
  claim(key: CallKey, provider: string): Promise<Claim>;
  /** Keeps a lease alive until disposed. */
  keepAlive(key: CallKey, claim: Claim, listener: LeaseListener): Disposable;
  /** Records the provider's request id. Fenced by the submit right, not by the lease: a late answer is knowledge. */
  checkpoint(key: CallKey, claim: Claim, requestId: string): Promise<CheckpointAnswer>;
  /** Records a request id that was found for an unknown submit, and how. Fenced by the lease, unlike a checkpoint. */
  adopt(key: CallKey, claim: Claim, requestId: string, recovery: Recovery): Promise<CheckpointAnswer>;
  /**
   * Gives the right to submit an unknown call once more: to a living lease, when the last submit began longer than
   * `graceMs` ago and at most `resubmitsMax` were given before. Undefined: not given.
   */
  resubmit(
    key: CallKey,
    claim: Claim,
    bounds: { readonly graceMs: number; readonly resubmitsMax: number },
  ): Promise<Claim | undefined>;
  /** The request id that a provider's own callback told about a submission. */
  readCallback(nonce: string): Promise<string | undefined>;
  /** Those of a provider's request ids that some call has recorded. */
  knownRequestIds(provider: string, requestIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Ends every item of the order that nobody has submitted, up to an attempt. Answers the results of those it ended, now
   * or before, as far as Postgres does not know yet that they ended.
   */
  stopUnstarted(
    orderId: string,
    throughAttempt: number,
    resultOf: (item: StoppableItem) => unknown,
  ): Promise<readonly unknown[]>;
  /** Ends a call wherever it stands, unless it has ended or a worker has it. What was submitted of it may be charged. */
  abandon(key: CallKey, provider: string, result: unknown): Promise<AbandonAnswer>;
  /** The submit right was not used, or the submit surely not accepted: open again for anyone. */
  reopen(key: CallKey, claim: Claim): Promise<void>;
  /** The first result of the recorded request wins and stays; answers the one that stands. */
  finish(key: CallKey, requestId: string | undefined, result: unknown): Promise<FinishAnswer>;
  /** Lets another worker take over at once. */
  release(key: CallKey, claim: Claim): Promise<void>;
}

/** Whether a person paused the provider, by the row that is the truth of it. */
export type ReadPause = (provider: string) => Promise<boolean>;

/** How the outcome of an unknown submit was decided; `failed`: it stayed unknown, and the item failed. */
export type UnknownDecidedBy = "callback" | "listing" | "resubmitted" | "failed";

/** What is measured of generations. */
export interface Observations {
  /** A step of a billed generation ended, well or not. */
  step(provider: string, step: "submit" | "wait" | "store", durationMs: number): void;
  /** A generation ended: `completed`, `partial`, or the code of its failure. */
  ended(provider: string, outcome: string): void;
  /** A generation that its provider failed is tried again, as another attempt. */
  newAttempt(provider: string): void;
  /** A provider is given no submits for a while, over all replicas. */
  gateClosed(provider: string, reason: string): void;
  /** A submit got no readable answer. */
  submitUnknown(provider: string): void;
  /** What came of an unknown submit in the end. */
  submitUnknownDecided(provider: string, by: UnknownDecidedBy): void;
  /** A request ended with so many more outputs than were asked for. They may be charged, and nobody ordered them. */
  surplusOutputs(provider: string, count: number): void;
  /** The provider accepted a request that the ledger does not follow: it may be charged, and nobody waits for it. */
  surplusRequest(provider: string): void;
}
