/** One delivery of a billed generation, from its claim to its end. */
import type { Limit } from "@tirage/service-kit";
import type { Recovery, Work } from "../domain/generation-result.ts";
import type { UnknownPolicy } from "../domain/submit-rules.ts";
import type { BilledProvider, BlobWriter, CallKey, FetchOutput, Ledger, Observations } from "../ports.ts";
import type { Circumstances } from "./generation.ts";
import type { HeldLease } from "./hold-lease.ts";
import type { ProviderGate } from "./provider-gate.ts";
import type { StopRequests, StopWatch } from "./stop-requests.ts";

export interface BilledGenerationOptions {
  readonly provider: BilledProvider;
  readonly ledger: Ledger;
  readonly fetchOutput: FetchOutput;
  readonly blobs: BlobWriter;
  /** Of outputs that are fetched and stored at once, by all generations of this process. */
  readonly storeLimit: Limit;
  readonly observations: Observations;
  readonly workerId: string;
  readonly stopRequests: StopRequests;
  readonly gate: ProviderGate;
  readonly unknownPolicy: UnknownPolicy;
  /** A request that has not ended this long after its submit has failed. */
  readonly generationTimeoutMs: number;
}

/** One delivery's work under its lease. */
export interface BilledRun {
  readonly options: BilledGenerationOptions;
  readonly work: Work;
  readonly key: CallKey;
  readonly lease: HeldLease;
  /** Whether the order was cancelled or its deadline has passed. */
  readonly stopping: StopWatch;
  readonly circumstances: Circumstances;
  /** How the unknown outcome of its submit was decided, if it ever was unknown. */
  readonly recovery?: Recovery | undefined;
}
