import { createFalClient } from "@fal-ai/client";
import type { Logger } from "@tirage/messaging";
import { estimateCostMicroUsd, modelNameProblem, toProviderInput } from "@tirage/model-catalog";
import { submitTimeoutMs } from "../domain/submit-rules.ts";
import type { BilledProvider, RequestState, SubmitOutcome, SubmitRequest } from "../ports.ts";
import { isUnknownRequest, readCompleted, statusAnswer, submitAnswer } from "./fal-answers.ts";
import { exchangeOnce, isSuccess } from "./guarded-fetch.ts";
import { readFailedSubmit, requestNotFound, retryLater } from "./provider-refusal.ts";

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

type FalClient = ReturnType<typeof createFalClient>;

/**
 * fal.ai by its queue: submit, status, result and cancel, each one request; never `subscribe` or `run`, whose retries and
 * polling cannot be held to that. Fallback to an equivalent model is turned off: it would break provenance and seeds.
 */
export function createFalProvider(options: FalProviderOptions): BilledProvider {
  const { key, baseUrl, callbackUrl, logger } = options;
  const rebase = createRebase(baseUrl);
  const origins = [baseUrl === undefined ? queueOrigin : new URL(baseUrl).origin];

  /** One call of a client that lives for this call only: its `fetch` works once. */
  const exchange = (
    limits: { timeoutMs: number; signal?: AbortSignal },
    call: (client: FalClient) => Promise<unknown>,
  ) =>
    exchangeOnce({ ...limits, origins, logger }, (fetchOnce) =>
      call(
        createFalClient({
          credentials: key,
          fetch: fetchOnce,
          requestMiddleware: async (request) => ({ ...request, url: rebase(request.url) }),
        }),
      ),
    );

  return {
    name: provider,
    outputOrigins: baseUrl === undefined ? mediaOrigins : origins,
    estimateCostMicroUsd: (model, outputs) => estimateCostMicroUsd(provider, model, outputs),

    async submit(request) {
      const input = readInput(request);
      if ("kind" in input) return input;
      const webhookUrl = callbackUrl(request.nonce);
      const answer = await exchange({ timeoutMs: options.submitTimeoutMs ?? submitTimeoutMs }, ({ queue }) =>
        queue.submit(request.model, {
          input: input.value,
          headers: { "x-app-fal-disable-fallback": "true" },
          ...(webhookUrl !== undefined && { webhookUrl }),
        }),
      );
      if (answer.kind === "answered" && isSuccess(answer.status)) {
        const accepted = submitAnswer.safeParse(answer.body);
        if (accepted.success) return { kind: "accepted", requestId: accepted.data.request_id };
      }
      return readFailedSubmit(provider, answer, new Date());
    },

    async check(requestId, { model }, signal): Promise<RequestState> {
      const limits = { timeoutMs: checkTimeoutMs, signal };
      const answer = await exchange(limits, ({ queue }) => queue.status(model, { requestId, logs: false }));
      if (isUnknownRequest(answer)) return { kind: "failed", failure: requestNotFound(provider) };
      const isAnswered = answer.kind === "answered" && isSuccess(answer.status);
      const status = isAnswered ? statusAnswer.safeParse(answer.body).data : undefined;
      if (!status) throw retryLater(provider, answer, new Date());
      if (status.status !== "COMPLETED") return { kind: "running" };
      const result = await exchange(limits, ({ queue }) => queue.result(model, { requestId }));
      const state = readCompleted(status, result);
      if (!state) throw retryLater(provider, result, new Date());
      return rebaseOutputs(state, rebase);
    },

    async cancel(requestId, { model }) {
      const answer = await exchange({ timeoutMs: cancelTimeoutMs }, ({ queue }) => queue.cancel(model, { requestId }));
      // 400 is "already completed", 404 "not found": nothing is left to cancel.
      if (answer.kind === "answered" && answer.status < 500 && answer.status !== 429) return;
      throw retryLater(provider, answer, new Date());
    },
  };
}

/** The model's input, or the refusal of an order that could not be sent. */
function readInput(request: SubmitRequest): { value: Record<string, unknown> } | SubmitOutcome {
  const nameProblem = modelNameProblem(provider, request.model);
  if (nameProblem !== undefined) return refuse(nameProblem);
  try {
    return { value: toProviderInput({ ...request, provider }) };
  } catch (error) {
    if (error instanceof RangeError) return refuse(error.message);
    throw error;
  }
}

function refuse(message: string): SubmitOutcome {
  return { kind: "refused", failure: { code: "validation", message, retryable: false } };
}

/** Any fal host, the media hosts included, moves below the base. */
function createRebase(baseUrl: string | undefined): (address: string) => string {
  if (baseUrl === undefined) return (address) => address;
  const base = baseUrl.replace(/\/+$/, "");
  return (address) => address.replace(/^https:\/\/(?=(?:[\w-]+\.)*fal\.(?:run|ai|media)(?:[/?]|$))/, `${base}/`);
}

function rebaseOutputs(state: RequestState, rebase: (address: string) => string): RequestState {
  if (state.kind !== "succeeded") return state;
  return { ...state, outputs: state.outputs.map(({ index, url }) => ({ index, url: rebase(url) })) };
}
