/** Waits until a submitted request has ended. Free and repeatable: it only asks. */
import { setTimeout as delay } from "node:timers/promises";
import { type Logger, RetryLaterError } from "@tirage/messaging";
import { pollDelayMs } from "../domain/schedules.ts";
import { providerTimeout } from "../domain/submit-rules.ts";
import type { BilledProvider, RequestState, SubmitRequest } from "../ports.ts";

export type EndedRequest = Exclude<RequestState, { kind: "running" }>;

export interface AwaitRequestOptions {
  readonly provider: BilledProvider;
  readonly request: Pick<SubmitRequest, "model">;
  readonly requestId: string;
  /** Time since it was submitted. One that was submitted by another worker is asked about at once. */
  readonly submitAgeMs: number;
  /** Counted from the submit, whoever waited meanwhile. */
  readonly timeoutMs: number;
  /** Ends the waiting with its reason. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** The state, or undefined when the provider gave no readable answer and must be asked again. */
async function check(options: AwaitRequestOptions): Promise<{ state?: RequestState; delayMs: number }> {
  const { provider, request, requestId, signal, logger } = options;
  try {
    return { state: await provider.check(requestId, request, signal), delayMs: 0 };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RetryLaterError)) throw error;
    logger.warn(
      { code: error.code, error: error.message },
      "the provider did not say how the request is; asking again",
    );
    return { delayMs: error.delayMs };
  }
}

/** Polls with growing pauses. A request that does not end in time is cancelled, best effort, and has failed. */
export async function awaitRequest(options: AwaitRequestOptions): Promise<EndedRequest> {
  const { provider, request, requestId, submitAgeMs, timeoutMs, signal, logger } = options;
  const deadline = performance.now() - submitAgeMs + timeoutMs;
  let pauseMs = submitAgeMs === 0 ? pollDelayMs(1) : 0;
  for (let poll = 2; ; poll += 1) {
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    const { state, delayMs } = await check(options);
    if (state && state.kind !== "running") return state;
    if (performance.now() > deadline) {
      await provider.cancel(requestId, request).catch((error: unknown) => {
        logger.warn({ error: String(error) }, "a request that took too long could not be cancelled");
      });
      return { kind: "failed", failure: providerTimeout(provider.name, timeoutMs) };
    }
    pauseMs = Math.max(pollDelayMs(poll), delayMs);
  }
}
