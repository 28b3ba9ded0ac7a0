import type { Logger } from "@tirage/messaging";
import { estimateCostMicroUsd } from "@tirage/model-catalog";
import Replicate from "replicate";
import { submitTimeoutMs } from "../domain/submit-rules.ts";
import type {
  BilledProvider,
  FoundSubmissions,
  RequestState,
  SoughtSubmission,
  SubmitOutcome,
  SubmitRequest,
} from "../ports.ts";
import { type Exchange, exchangeOnce, readSuccess } from "./guarded-fetch.ts";
import { matchPredictions } from "./match-predictions.ts";
import { readFailedSubmit, requestNotFound, retryLater } from "./provider-refusal.ts";
import {
  createdPrediction,
  isUnknownPrediction,
  prediction,
  predictionPage,
  readPrediction,
} from "./replicate-answers.ts";
import { readSubmitInput } from "./submit-input.ts";

const provider = "replicate";
const apiUrl = "https://api.replicate.com/v1";
const fileOrigins = ["https://replicate.delivery", "https://*.replicate.delivery"];
const checkTimeoutMs = 15_000;
const cancelTimeoutMs = 10_000;
/** Replicate's clock may be behind the database's. */
const clockMarginMs = 10_000;
/** Of 100 predictions each: more were hardly made while one submit was unknown. */
const maximumPages = 20;

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

/** Replicate by its predictions: create, get and cancel, each one request; never `run` or `wait`, which lose predictions. */
export function createReplicateProvider(options: ReplicateProviderOptions): BilledProvider {
  const replicate = createAccess(options);
  return {
    name: provider,
    // Behind another base the files may come from there too, or still from Replicate itself.
    outputOrigins: options.baseUrl === undefined ? fileOrigins : [...fileOrigins, ...replicate.origins],
    estimateCostMicroUsd: (model, outputs) => estimateCostMicroUsd(provider, model, outputs),
    submit: (request) => submit(replicate, options, request),
    check: (requestId, _request, signal) => check(replicate, requestId, signal),
    findSubmission: (sought) => findSubmission(replicate, sought),
    cancel: (requestId) => cancel(replicate, requestId),
  };
}

interface ExchangeLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The way to Replicate's API. */
interface ReplicateAccess {
  readonly origins: readonly string[];
  /** One request, by a client that lives for it only. */
  exchange(
    limits: ExchangeLimits,
    call: (predictions: Replicate["predictions"], client: Replicate) => Promise<unknown>,
  ): Promise<Exchange>;
}

function createAccess({ token, baseUrl = apiUrl, logger }: ReplicateProviderOptions): ReplicateAccess {
  const origins = [new URL(baseUrl).origin];
  return {
    origins,
    exchange: (limits, call) =>
      exchangeOnce({ ...limits, origins, logger }, (fetchOnce) => {
        const client = new Replicate({ auth: token, baseUrl, fetch: fetchOnce, useFileOutput: false });
        return call(client.predictions, client);
      }),
  };
}

/** A model with a version is called by the version, an official model by its name. */
async function submit(
  replicate: ReplicateAccess,
  options: ReplicateProviderOptions,
  request: SubmitRequest,
): Promise<SubmitOutcome> {
  const read = readSubmitInput(provider, request);
  if (read.kind === "refused") return read;
  const { model, modelVersion, nonce } = request;
  const webhook = options.callbackUrl(nonce);
  const answer = await replicate.exchange({ timeoutMs: options.submitTimeoutMs ?? submitTimeoutMs }, (predictions) =>
    predictions.create({
      ...(modelVersion === undefined ? { model } : { version: modelVersion }),
      input: read.input,
      ...(webhook !== undefined && { webhook, webhook_events_filter: ["completed"] as const }),
    }),
  );
  const created = readSuccess(answer, createdPrediction);
  return created ? { kind: "accepted", requestId: created.id } : readFailedSubmit(provider, answer, new Date());
}

async function check(replicate: ReplicateAccess, requestId: string, signal: AbortSignal): Promise<RequestState> {
  const limits = { timeoutMs: checkTimeoutMs, signal };
  const answer = await replicate.exchange(limits, (predictions) => predictions.get(requestId));
  if (isUnknownPrediction(answer)) return { kind: "failed", failure: requestNotFound(provider) };
  const found = readSuccess(answer, prediction);
  if (!found) throw retryLater(provider, answer, new Date());
  return readPrediction(found);
}

/** Lists from the newest to when the submit began; what is not listed to its end proves nothing by input alone. */
async function findSubmission(
  replicate: ReplicateAccess,
  { request, submittedAt, signal }: SoughtSubmission,
): Promise<FoundSubmissions> {
  const read = readSubmitInput(provider, request);
  if (read.kind === "refused") return { requestIds: [], surely: true };
  const sought = { ...request, input: read.input };
  const createdAfter = new Date(submittedAt.getTime() - clockMarginMs).toISOString();
  const byInput: string[] = [];
  let params: Record<string, string> = { created_after: createdAfter };
  for (let page = 1; page <= maximumPages; page += 1) {
    const answer = await replicate.exchange({ timeoutMs: checkTimeoutMs, signal }, (_predictions, client) =>
      client.request("/predictions", { method: "GET", params }),
    );
    const listed = readSuccess(answer, predictionPage);
    if (!listed) throw retryLater(provider, answer, new Date());
    const matches = matchPredictions(listed.results, sought, createdAfter);
    if (matches.byNonce.length > 0) return { requestIds: matches.byNonce, surely: true };
    byInput.push(...matches.byInput);
    const cursor = listed.next && new URL(listed.next).searchParams.get("cursor");
    if (!cursor || matches.isPastStart) return { requestIds: byInput, surely: false };
    params = { created_after: createdAfter, cursor };
  }
  return { requestIds: [], surely: false };
}

async function cancel(replicate: ReplicateAccess, requestId: string): Promise<void> {
  const answer = await replicate.exchange({ timeoutMs: cancelTimeoutMs }, (predictions) =>
    predictions.cancel(requestId),
  );
  // Any 4xx but 429 says that nothing is left to cancel.
  if (answer.kind === "answered" && answer.status < 500 && answer.status !== 429) return;
  throw retryLater(provider, answer, new Date());
}
