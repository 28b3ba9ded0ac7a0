/** What the flows of billed and unbilled providers have in common. */
import type { itemStarted, MessageOf } from "@tirage/contracts";
import type { Logger } from "@tirage/messaging";
import type { GenerationResult, Work } from "../domain/generation-result.ts";

/** The circumstances of one delivery. */
export interface Circumstances {
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  announce(message: MessageOf<typeof itemStarted>): void;
}

/**
 * Runs one generation, or resumes it, or answers again what it ended with.
 * @throws RetryLaterError when it cannot go on now; HandBackError when another worker is to go on.
 */
export type Generate = (work: Work, circumstances: Circumstances) => Promise<GenerationResult>;
