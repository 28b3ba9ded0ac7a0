/** Waits until a submitted request has ended. Free and repeatable: it only asks. */
import { setTimeout as delay } from "node:timers/promises";
import { type Logger, RetryLaterError } from "@tirage/messaging";
import { pollDelayMs } from "../domain/schedules.ts";
import { providerTimeout } from "../domain/submit-rules.ts";
import type { BilledProvider, RequestState, SubmitRequest } from "../ports.ts";
import type { StopWatch } from "./stop-requests.ts";

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
  /** The provider is asked to stop once this has a reason; its true end is waited for all the same. */
  readonly stopping: StopWatch;
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

/** Pause between polls of a request that the provider was asked to stop. */
const stoppingPollMs = 300;

/** Whether the provider took note. */
async function askToStop({ provider, request, requestId, logger }: AwaitRequestOptions): Promise<boolean> {
  try {
    await provider.cancel(requestId, request);
    return true;
  } catch (error) {
    logger.warn({ error: String(error) }, "the provider could not be asked to stop; asking again");
    return false;
  }
}

/** Without an answer nothing is known of a request that is over its time: it may have ended well, and is paid for then. */
const unansweredPatienceMs = 60_000;

/** Polls with growing pauses. A request that does not end in time is cancelled, best effort, and has failed. */
export async function awaitRequest(options: AwaitRequestOptions): Promise<EndedRequest> {
  const { provider, request, requestId, submitAgeMs, timeoutMs, signal, stopping, logger } = options;
  let isStopAsked = false;
  const begun = performance.now();
  const deadline = begun - submitAgeMs + timeoutMs;
  let pauseMs = submitAgeMs === 0 ? pollDelayMs(1) : 0;
  for (let poll = 2; ; poll += 1) {
    const interrupts = isStopAsked ? signal : AbortSignal.any([signal, stopping.signal]);
    await delay(pauseMs, undefined, { signal: interrupts }).catch(() => undefined);
    signal.throwIfAborted();
    if (stopping.reason && !isStopAsked) isStopAsked = await askToStop(options);
    const { state, delayMs } = await check(options);
    if (state && state.kind !== "running") return state;
    const giveUpAt = state ? deadline : Math.max(deadline, begun + unansweredPatienceMs);
    if (performance.now() > giveUpAt) {
      await provider.cancel(requestId, request).catch((error: unknown) => {
        logger.warn({ error: String(error) }, "a request that took too long could not be cancelled");
      });
      return { kind: "failed", failure: providerTimeout(provider.name, timeoutMs) };
    }
    pauseMs = Math.max(stopping.reason ? stoppingPollMs : pollDelayMs(poll), delayMs);
  }
}
