/** Who is to stop: generations that this process runs, told by messages, and by the clock where there is a deadline. */
import type { StopReason, Work } from "../domain/generation-result.ts";

/** Whether one generation is to stop, from before its claim until its end. */
export interface StopWatch extends Disposable {
  readonly reason: StopReason | undefined;
  /** Aborted when there is a reason. */
  readonly signal: AbortSignal;
  stop(reason: StopReason): void;
}

export interface StopRequests {
  /** An order's attempts up to this one are to stop. Concerns what is watched now; what comes later asks the ledger. */
  request(orderId: string, throughAttempt: number, reason: StopReason): void;
  watch(work: Pick<Work, "orderId" | "attempt" | "deadline">): StopWatch;
}

interface Watching {
  readonly attempt: number;
  readonly watch: StopWatch;
}

/** Longer than any generation lives; timers take no more than 2^31 - 1 ms. */
const longestTimerMs = 24 * 3_600_000;

export function createStopRequests(): StopRequests {
  const byOrder = new Map<string, Set<Watching>>();

  const create = (onDispose: () => void, deadline: string | undefined): StopWatch => {
    const controller = new AbortController();
    let reason: StopReason | undefined;
    const stop = (why: StopReason) => {
      reason ??= why;
      controller.abort();
    };
    const leftMs = deadline === undefined ? undefined : Date.parse(deadline) - Date.now();
    if (leftMs !== undefined && leftMs <= 0) stop("deadline");
    const timer =
      leftMs === undefined ? undefined : setTimeout(() => stop("deadline"), Math.min(leftMs, longestTimerMs));
    timer?.unref();
    return {
      get reason() {
        return reason;
      },
      signal: controller.signal,
      stop,
      [Symbol.dispose]() {
        clearTimeout(timer);
        onDispose();
      },
    };
  };

  return {
    request(orderId, throughAttempt, reason) {
      for (const { attempt, watch } of byOrder.get(orderId) ?? []) if (attempt <= throughAttempt) watch.stop(reason);
    },
    watch({ orderId, attempt, deadline }) {
      const ofOrder = byOrder.get(orderId) ?? new Set();
      byOrder.set(orderId, ofOrder);
      const forget = () => {
        ofOrder.delete(watching);
        if (ofOrder.size === 0 && byOrder.get(orderId) === ofOrder) byOrder.delete(orderId);
      };
      const watching: Watching = { attempt, watch: create(forget, deadline) };
      ofOrder.add(watching);
      return watching.watch;
    },
  };
}
