/** What Replicate answers, read tolerantly: unknown fields are ignored, known ones may be missing. */
import { maximumOutputsPerCall } from "@tirage/contracts";
import { z } from "zod";
import type { RemoteOutput, RequestState } from "../ports.ts";
import type { Exchange } from "./guarded-fetch.ts";
import { isModerationText, moderated, noOutputs, unreadableOutputs } from "./provider-refusal.ts";

export const createdPrediction = z.object({ id: z.string().min(1) });

export const prediction = z.object({
  status: z.enum(["starting", "processing", "succeeded", "failed", "canceled", "aborted"]),
  output: z.unknown().optional(),
  error: z.unknown().optional(),
  data_removed: z.boolean().nullish(),
  started_at: z.string().nullish(),
});
export type Prediction = z.infer<typeof prediction>;

/** One page of the account's predictions, newest first. */
export const predictionPage = z.object({
  next: z.url().nullish(),
  results: z.array(
    z.object({
      id: z.string().min(1),
      model: z.string().optional(),
      version: z.string().nullish(),
      input: z.unknown().optional(),
      webhook: z.string().nullish(),
      created_at: z.string(),
    }),
  ),
});
export type ListedPrediction = z.infer<typeof predictionPage>["results"][number];

const notFoundAnswer = z.object({ detail: z.string() });

/** Whether Replicate itself says that it does not know the prediction, rather than something on the way to it. */
export function isUnknownPrediction(exchange: Exchange): boolean {
  return exchange.kind === "answered" && exchange.status === 404 && notFoundAnswer.safeParse(exchange.body).success;
}

export function readPrediction({ status, output, error, data_removed, started_at }: Prediction): RequestState {
  switch (status) {
    case "starting":
    case "processing":
      return { kind: "running" };
    case "succeeded":
      return readOutputs(output, data_removed ?? false);
    case "failed":
      return readFailed(typeof error === "string" ? error : "the prediction failed");
    case "canceled":
      return {
        kind: "failed",
        failure: {
          code: "provider_cancelled",
          message: "replicate: the prediction was cancelled while it ran; its run time is charged",
          retryable: false,
        },
        stopped: started_at ? "billed" : "aborted",
      };
    case "aborted":
      return {
        kind: "failed",
        failure: {
          code: "provider_failed",
          message: "replicate: the prediction was given up before it started; it is not charged",
          retryable: true,
        },
        stopped: "aborted",
        passing: "unbilled",
      };
  }
}

function readOutputs(output: unknown, isRemoved: boolean): RequestState {
  if (isRemoved && (output === null || output === undefined)) {
    return {
      kind: "failed",
      failure: {
        code: "output_expired",
        message: "replicate deleted the outputs, an hour after they were made; they were charged",
        retryable: false,
      },
    };
  }
  const outputs = listOutputs(output);
  const isEmpty = output === null || output === undefined || (Array.isArray(output) && output.length === 0);
  if (outputs.length > 0) return { kind: "succeeded", outputs };
  return { kind: "failed", failure: isEmpty ? noOutputs("replicate") : unreadableOutputs("replicate") };
}

/**
 * A list of addresses, or a single one. Models leave filtered outputs out and keep the index in the file name (`out-0`,
 * `out-2`); where names carry no distinct indexes, the position counts.
 */
function listOutputs(output: unknown): RemoteOutput[] {
  const urls = (Array.isArray(output) ? output : [output]).filter((url) => typeof url === "string");
  const named = urls.map((url) => Number(/\/out-(\d+)\.\w+(?:\?|$)/.exec(url)?.[1] ?? Number.NaN));
  const isNamed = named.every((index) => index < maximumOutputsPerCall) && new Set(named).size === named.length;
  return urls
    .slice(0, maximumOutputsPerCall)
    .map((url, position) => ({ index: isNamed ? (named[position] ?? position) : position, url }));
}

/** `E####` codes and "interrupted" are the platform's own troubles; anything else is the model's about this input. */
function readFailed(error: string): RequestState {
  if (isModerationText(error)) return { kind: "failed", failure: moderated("replicate", error) };
  const isTransient = /\bE\d{4}\b|\binterrupted\b|\(code: PA\)/i.test(error);
  const message = `replicate: ${error}`.slice(0, 500);
  const failure = { code: "provider_failed", message, retryable: isTransient };
  return { kind: "failed", failure, ...(isTransient ? { passing: "interrupted" } : {}) };
}
