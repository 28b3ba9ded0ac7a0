import { HandBackError, type Logger } from "@tirage/messaging";
import type { CallKey, Claim, Ledger } from "../ports.ts";

/** A claimed call while it is worked on. Disposing lets another worker take over, unless the call has ended. */
export interface HeldLease extends AsyncDisposable {
  /** Aborted with a HandBackError when the process stops or the lease is lost. */
  readonly signal: AbortSignal;
  /** The call is finished, or open again: there is nothing left to let go of. */
  end(): void;
}

export interface HoldLeaseOptions {
  readonly ledger: Ledger;
  readonly key: CallKey;
  readonly claim: Claim;
  /** Aborted when the process stops. */
  readonly stopping: AbortSignal;
  /** Told when the order turns out to be cancelled. */
  readonly onCancelled: () => void;
  readonly logger: Logger;
}

/** Keeps a claim's lease alive until disposed. */
export function holdLease({ ledger, key, claim, stopping, onCancelled, logger }: HoldLeaseOptions): HeldLease {
  const controller = new AbortController();
  let isOurs = true;
  const onStop = () => controller.abort(new HandBackError("stopping; another worker resumes this generation"));
  const keeping = ledger.keepAlive(key, claim, {
    onLost() {
      isOurs = false;
      logger.warn({}, "the lease was lost; another worker has this generation");
      controller.abort(new HandBackError("the lease was lost"));
    },
    onCancelled,
  });
  stopping.addEventListener("abort", onStop, { once: true });
  if (stopping.aborted) onStop();
  return {
    signal: controller.signal,
    end() {
      isOurs = false;
    },
    async [Symbol.asyncDispose]() {
      stopping.removeEventListener("abort", onStop);
      keeping[Symbol.dispose]();
      if (!isOurs) return;
      await ledger.release(key, claim).catch((error: unknown) => {
        logger.warn({ error: String(error) }, "the lease could not be released; it expires by itself");
      });
    },
  };
}
