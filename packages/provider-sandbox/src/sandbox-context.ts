import type { FaultDials } from "./faults/fault-dials.ts";
import type { PictureCache } from "./images/picture-cache.ts";
import type { JobQueue } from "./job-queue.ts";
import type { Ledger } from "./ledger.ts";
import type { Provider } from "./submission.ts";
import type { SubmitLog } from "./submit-log.ts";

/** What can be turned while the sandbox runs. */
export interface SandboxSettings {
  /** How long a job runs, before up to a fifth more that depends on the seed. */
  latencyMs: number;
  /** Jobs each provider runs at once; more wait in its queue. */
  concurrency: Record<Provider, number>;
  /** Everything random follows from it. */
  seed: number;
  /** Longest edge of a picture in pixels; larger orders are drawn smaller, and their true size is reported. */
  maxImageEdgePx: number;
  /** How long Replicate keeps a prediction's input, output, logs and files after its end. */
  retentionMs: number;
  /** Predictions Replicate lets through a minute; 0 is no limit. */
  replicateCreatesPerMinute: number;
}

/** What every route works on. */
export interface SandboxContext {
  readonly settings: SandboxSettings;
  readonly ledger: Ledger;
  readonly submitLog: SubmitLog;
  readonly faults: FaultDials;
  readonly queues: Readonly<Record<Provider, JobQueue>>;
  readonly pictures: PictureCache;
}
