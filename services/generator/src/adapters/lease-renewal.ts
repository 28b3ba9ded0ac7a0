/** Keeps every lease of this process alive by one statement a round (9-mechanisms.md: 6 ms for 500 leases). */
import { AsyncLocalStorage } from "node:async_hooks";
import type { CallKey } from "../ports.ts";

export interface Lease extends CallKey {
  readonly token: string;
  /** Called once when the lease was found to be another's. */
  onLost(): void;
}

export interface LeaseRenewalOptions {
  readonly everyMs: number;
  /** Renews the leases and answers those that were lost. */
  renew(leases: readonly Lease[]): Promise<readonly Lease[]>;
  onError(error: unknown): void;
}

export interface LeaseRenewal extends Disposable {
  keep(lease: Lease): Disposable;
}

/** A round that failed is repeated after a tenth of the interval, while the leases still last. */
const impatience = 10;

/** Rounds run only while there are leases. A lease whose renewal fails is not lost: nobody else can claim either. */
export function createLeaseRenewal({ everyMs, renew, onError }: LeaseRenewalOptions): LeaseRenewal {
  const leases = new Set<Lease>();
  let timer: NodeJS.Timeout | undefined;
  let isRenewing = false;
  // Rounds follow each other: begun in an order's trace, all of them would stay in it.
  const outsideTraces = AsyncLocalStorage.snapshot();

  const schedule = (delayMs: number) => {
    if (timer || isRenewing || leases.size === 0) return;
    timer = outsideTraces(() => setTimeout(runRound, delayMs));
  };
  const runRound = async () => {
    timer = undefined;
    isRenewing = true;
    let nextMs = everyMs;
    try {
      for (const lease of await renew([...leases])) {
        if (leases.delete(lease)) lease.onLost();
      }
    } catch (error) {
      onError(error);
      nextMs = everyMs / impatience;
    }
    isRenewing = false;
    schedule(nextMs);
  };
  return {
    keep(lease) {
      leases.add(lease);
      schedule(everyMs);
      return {
        [Symbol.dispose]: () => {
          leases.delete(lease);
        },
      };
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      leases.clear();
    },
  };
}
