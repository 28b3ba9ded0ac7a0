/** Fetches a request's outputs and stores them. Neither is paid for: each is repeated alone until it succeeds. */

import type { Output } from "@tirage/contracts";
import { type Logger, RetryLaterError } from "@tirage/messaging";
import type { Limit } from "@tirage/service-kit";
import type { Work } from "../domain/generation-result.ts";
import { storageKeyOf } from "../domain/storage-key.ts";
import { type BlobWriter, type FetchOutput, OutputUnavailableError, type RemoteOutput } from "../ports.ts";
import { retryStep } from "./retry-step.ts";

export interface StoreOutputsOptions {
  readonly work: Work;
  readonly allowedOrigins: readonly string[];
  readonly fetchOutput: FetchOutput;
  readonly blobs: BlobWriter;
  /**
   * The outputs as the provider names them now: an address may have expired since it was told. Asked once, if one has.
   * @throws RetryLaterError when it does not answer.
   */
  readonly readAgain: () => Promise<readonly RemoteOutput[]>;
  /** Shared by the generations of this process: bounds the outputs that are in memory. */
  readonly limit: Limit;
  /** Ends the work with its reason. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export interface StoredOutputs {
  /** In the order of their indexes; those that cannot be had are missing. */
  readonly outputs: readonly Output[];
  /** Why each missing output is missing. */
  readonly reasons: readonly string[];
}

/** A host that has not given an output for this long is taken not to have it: Replicate keeps them for an hour. */
const fetchPatienceMs = 3_600_000;

/** Fetches and stores once; an output that was fetched is kept until the store has it. */
async function storeOnce(remote: RemoteOutput, options: StoreOutputsOptions): Promise<Output> {
  const { work, allowedOrigins, fetchOutput, blobs, signal, logger } = options;
  signal.throwIfAborted();
  const fetched = await fetchOutput(remote.url, { allowedOrigins, signal });
  const { bytes, contentType, extension, width, height, sha256 } = fetched;
  const storageKey = storageKeyOf({ ...work, outputIndex: remote.index, extension });
  // Any failure of the store is worth waiting for: the output is paid for, and only the store stands in its way.
  await retryStep(() => blobs.put(storageKey, bytes, contentType), {
    step: "store",
    logger,
    signal,
    isRetryable: () => true,
  });
  const { seed } = work;
  return { index: remote.index, storageKey, contentType, bytes: bytes.length, width, height, sha256, seed };
}

/** Between two tries nothing is in memory, and others go first: one host that is away must not hold up the rest. */
function storePatiently(remote: RemoteOutput, options: StoreOutputsOptions): Promise<Output> {
  const { limit, signal, logger } = options;
  return retryStep(() => limit(() => storeOnce(remote, options)), {
    step: "fetch",
    logger,
    signal,
    giveUpAfterMs: fetchPatienceMs,
  });
}

/** Where the address is gone, the one that the provider names now is tried as well. */
async function storeOutput(remote: RemoteOutput, options: StoreOutputsOptions): Promise<Output> {
  try {
    return await storePatiently(remote, options);
  } catch (error) {
    if (!(error instanceof OutputUnavailableError) || error.code !== "output_gone") throw error;
    const renamed = (await options.readAgain()).find(({ index }) => index === remote.index);
    if (!renamed) throw error;
    return storePatiently(renamed, options);
  }
}

/** @throws what is neither an output that cannot be had nor worth repeating here. */
function reasonOf(error: unknown): string {
  if (error instanceof OutputUnavailableError || error instanceof RetryLaterError) return error.message;
  throw error;
}

/** Stores what can be had of the outputs. */
export async function storeOutputs(
  remotes: readonly RemoteOutput[],
  options: StoreOutputsOptions,
): Promise<StoredOutputs> {
  const outputs: Output[] = [];
  const reasons: string[] = [];
  const ordered = [...remotes].sort((one, other) => one.index - other.index);
  // Settled, not all: none may go on by itself after this has ended.
  const settled = await Promise.allSettled(ordered.map((remote) => storeOutput(remote, options)));
  options.signal.throwIfAborted();
  for (const result of settled) {
    if (result.status === "fulfilled") outputs.push(result.value);
    else reasons.push(reasonOf(result.reason));
  }
  return { outputs, reasons };
}
