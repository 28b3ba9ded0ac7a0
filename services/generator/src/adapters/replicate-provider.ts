import type { Logger } from "@tirage/messaging";
import { estimateCostMicroUsd, modelNameProblem, toProviderInput, versionProblem } from "@tirage/model-catalog";
import Replicate from "replicate";
import { submitTimeoutMs } from "../domain/submit-rules.ts";
import type { BilledProvider, RequestState, SubmitOutcome, SubmitRequest } from "../ports.ts";
import { exchangeOnce, isSuccess } from "./guarded-fetch.ts";
import { readFailedSubmit, requestNotFound, retryLater } from "./provider-refusal.ts";
import { createdPrediction, isUnknownPrediction, prediction, readPrediction } from "./replicate-answers.ts";

const provider = "replicate";
const apiUrl = "https://api.replicate.com/v1";
const fileOrigins = ["https://replicate.delivery", "https://*.replicate.delivery"];
const checkTimeoutMs = 15_000;
const cancelTimeoutMs = 10_000;

export interface ReplicateProviderOptions {
  readonly token: string;
  /** In the place of `https://api.replicate.com/v1`. */
  readonly baseUrl: string | undefined;
  /** Where Replicate is to call back for a submission, by its nonce; undefined: nowhere. */
  readonly callbackUrl: (nonce: string) => string | undefined;
  readonly logger: Logger;
  /** Of a submit; `submitTimeoutMs` when absent. */
  readonly submitTimeoutMs?: number;
}

/**
 * Replicate by its predictions: create, get and cancel, each one request; never `run` or `wait`, which lose predictions.
 * A model with a version is called by the version, an official model by its name.
 */
export function createReplicateProvider(options: ReplicateProviderOptions): BilledProvider {
  const { token, baseUrl = apiUrl, callbackUrl, logger } = options;
  const origins = [new URL(baseUrl).origin];

  /** One call of a client that lives for this call only: its `fetch` works once. */
  const exchange = (
    limits: { timeoutMs: number; signal?: AbortSignal },
    call: (client: Replicate) => Promise<unknown>,
  ) =>
    exchangeOnce({ ...limits, origins, logger }, (fetchOnce) =>
      call(new Replicate({ auth: token, baseUrl, fetch: fetchOnce, useFileOutput: false })),
    );

  return {
    name: provider,
    // Behind another base the files may come from there too, or still from Replicate itself.
    outputOrigins: options.baseUrl === undefined ? fileOrigins : [...fileOrigins, ...origins],
    estimateCostMicroUsd: (model, outputs) => estimateCostMicroUsd(provider, model, outputs),

    async submit(request) {
      const input = readInput(request);
      if ("kind" in input) return input;
      const { model, modelVersion, nonce } = request;
      const webhook = callbackUrl(nonce);
      const answer = await exchange({ timeoutMs: options.submitTimeoutMs ?? submitTimeoutMs }, ({ predictions }) =>
        predictions.create({
          ...(modelVersion === undefined ? { model } : { version: modelVersion }),
          input: input.value,
          ...(webhook !== undefined && { webhook, webhook_events_filter: ["completed"] as const }),
        }),
      );
      if (answer.kind === "answered" && isSuccess(answer.status)) {
        const created = createdPrediction.safeParse(answer.body);
        if (created.success) return { kind: "accepted", requestId: created.data.id };
      }
      return readFailedSubmit(provider, answer, new Date());
    },

    async check(requestId, _request, signal): Promise<RequestState> {
      const limits = { timeoutMs: checkTimeoutMs, signal };
      const answer = await exchange(limits, ({ predictions }) => predictions.get(requestId));
      if (isUnknownPrediction(answer)) return { kind: "failed", failure: requestNotFound(provider) };
      const isAnswered = answer.kind === "answered" && isSuccess(answer.status);
      const found = isAnswered ? prediction.safeParse(answer.body).data : undefined;
      if (!found) throw retryLater(provider, answer, new Date());
      return readPrediction(found);
    },

    async cancel(requestId) {
      const answer = await exchange({ timeoutMs: cancelTimeoutMs }, ({ predictions }) => predictions.cancel(requestId));
      // Any 4xx but 429 says that nothing is left to cancel.
      if (answer.kind === "answered" && answer.status < 500 && answer.status !== 429) return;
      throw retryLater(provider, answer, new Date());
    },
  };
}

/** The model's input, or the refusal of an order that could not be sent. */
function readInput(request: SubmitRequest): { value: Record<string, unknown> } | SubmitOutcome {
  const { model, modelVersion } = request;
  const problem = modelNameProblem(provider, model) ?? versionProblem(provider, model, modelVersion);
  if (problem !== undefined) return refuse(problem);
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
