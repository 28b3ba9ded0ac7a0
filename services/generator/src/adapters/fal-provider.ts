import { createFalClient } from "@fal-ai/client";
import type { Logger } from "@tirage/messaging";
import { estimateCostMicroUsd } from "@tirage/model-catalog";
import { submitTimeoutMs } from "../domain/submit-rules.ts";
import type { BilledProvider, RequestState, SubmitOutcome, SubmitRequest } from "../ports.ts";
import { isUnknownRequest, readCompleted, statusAnswer, submitAnswer } from "./fal-answers.ts";
import { type Exchange, exchangeOnce, readSuccess } from "./guarded-fetch.ts";
import { readFailedSubmit, requestNotFound, retryLater } from "./provider-refusal.ts";
import { readSubmitInput } from "./submit-input.ts";

const provider = "fal";
const queueOrigin = "https://queue.fal.run";
/** Hosts that fal's outputs are at: `v3.fal.media`, `v3b.fal.media` and their like. */
const mediaOrigins = ["https://fal.media", "https://*.fal.media"];
const checkTimeoutMs = 15_000;
const cancelTimeoutMs = 10_000;

export interface FalProviderOptions {
  readonly key: string;
  /** Where all of fal's hosts are found instead: `https://<host>/<path>` becomes `<baseUrl>/<host>/<path>`. */
  readonly baseUrl: string | undefined;
  /** Where fal is to call back for a submission, by its nonce; undefined: nowhere. */
  readonly callbackUrl: (nonce: string) => string | undefined;
  readonly logger: Logger;
  /** Of a submit; `submitTimeoutMs` when absent. */
  readonly submitTimeoutMs?: number;
}

/**
 * fal.ai by its queue: submit, status, result and cancel, each one request; never `subscribe` or `run`, whose retries and
 * polling cannot be held to that.
 */
export function createFalProvider(options: FalProviderOptions): BilledProvider {
  const fal = createAccess(options);
  return {
    name: provider,
    outputOrigins: options.baseUrl === undefined ? mediaOrigins : fal.origins,
    estimateCostMicroUsd: (model, outputs) => estimateCostMicroUsd(provider, model, outputs),
    submit: (request) => submit(fal, options, request),
    check: (requestId, { model }, signal) => check(fal, { requestId, model }, signal),
    cancel: (requestId, { model }) => cancel(fal, { requestId, model }),
  };
}

interface ExchangeLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The way to fal's queue. */
interface FalAccess {
  readonly origins: readonly string[];
  /** Where an address of fal is really found. */
  readonly rebase: (address: string) => string;
  /** One request, by a client that lives for it only. */
  exchange(limits: ExchangeLimits, call: (queue: FalQueue) => Promise<unknown>): Promise<Exchange>;
}

type FalQueue = ReturnType<typeof createFalClient>["queue"];

interface FalRequest {
  readonly requestId: string;
  readonly model: string;
}

function createAccess({ key, baseUrl, logger }: FalProviderOptions): FalAccess {
  const rebase = createRebase(baseUrl);
  const origins = [baseUrl === undefined ? queueOrigin : new URL(baseUrl).origin];
  return {
    origins,
    rebase,
    exchange: (limits, call) =>
      exchangeOnce({ ...limits, origins, logger }, (fetchOnce) => {
        const client = createFalClient({
          credentials: key,
          fetch: fetchOnce,
          requestMiddleware: async (request) => ({ ...request, url: rebase(request.url) }),
        });
        return call(client.queue);
      }),
  };
}

/** Any fal host, the media hosts included, moves below the base. */
function createRebase(baseUrl: string | undefined): (address: string) => string {
  if (baseUrl === undefined) return (address) => address;
  const base = baseUrl.replace(/\/+$/, "");
  return (address) => address.replace(/^https:\/\/(?=(?:[\w-]+\.)*fal\.(?:run|ai|media)(?:[/?]|$))/, `${base}/`);
}

async function submit(fal: FalAccess, options: FalProviderOptions, request: SubmitRequest): Promise<SubmitOutcome> {
  const read = readSubmitInput(provider, request);
  if (read.kind === "refused") return read;
  const webhookUrl = options.callbackUrl(request.nonce);
  const answer = await fal.exchange({ timeoutMs: options.submitTimeoutMs ?? submitTimeoutMs }, (queue) =>
    queue.submit(request.model, {
      input: read.input,
      // An equivalent model in the place of the ordered one would break provenance, and seeds.
      headers: { "x-app-fal-disable-fallback": "true" },
      ...(webhookUrl !== undefined && { webhookUrl }),
    }),
  );
  const accepted = readSuccess(answer, submitAnswer);
  return accepted
    ? { kind: "accepted", requestId: accepted.request_id }
    : readFailedSubmit(provider, answer, new Date());
}

async function check(fal: FalAccess, { requestId, model }: FalRequest, signal: AbortSignal): Promise<RequestState> {
  const limits = { timeoutMs: checkTimeoutMs, signal };
  const answer = await fal.exchange(limits, (queue) => queue.status(model, { requestId, logs: false }));
  if (isUnknownRequest(answer)) return { kind: "failed", failure: requestNotFound(provider) };
  const status = readSuccess(answer, statusAnswer);
  if (!status) throw retryLater(provider, answer, new Date());
  if (status.status !== "COMPLETED") return { kind: "running" };
  const result = await fal.exchange(limits, (queue) => queue.result(model, { requestId }));
  const state = readCompleted(status, result);
  if (!state) throw retryLater(provider, result, new Date());
  if (state.kind !== "succeeded") return state;
  return { ...state, outputs: state.outputs.map(({ index, url }) => ({ index, url: fal.rebase(url) })) };
}

async function cancel(fal: FalAccess, { requestId, model }: FalRequest): Promise<void> {
  const answer = await fal.exchange({ timeoutMs: cancelTimeoutMs }, (queue) => queue.cancel(model, { requestId }));
  // 400 is "already completed", 404 "not found": nothing is left to cancel.
  if (answer.kind === "answered" && answer.status < 500 && answer.status !== 429) return;
  throw retryLater(provider, answer, new Date());
}
