/** What fal's queue answers, read tolerantly: unknown fields are ignored, known ones may be missing. */
import type { Failure } from "@tirage/contracts";
import { maximumOutputsPerCall } from "@tirage/contracts";
import { z } from "zod";
import type { RequestState } from "../ports.ts";
import type { Exchange } from "./guarded-fetch.ts";
import {
  describeErrorBody,
  isModeration,
  moderated,
  noOutputs,
  readRefusal,
  requestNotFound,
  unreadableOutputs,
} from "./provider-refusal.ts";

export const submitAnswer = z.object({ request_id: z.string().min(1) });

/**
 * fal has no failed or cancelled status: such a request is COMPLETED with an `error`. IN_PROGRESS may go back to IN_QUEUE
 * when a runner failed.
 */
export const statusAnswer = z.object({
  status: z.enum(["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]),
  error: z.string().nullish(),
  error_type: z.string().nullish(),
});
export type StatusAnswer = z.infer<typeof statusAnswer>;

const file = z.object({ url: z.string().min(1) });
const resultAnswer = z.object({
  images: z.array(file).optional(),
  image: file.nullish(),
  has_nsfw_concepts: z.array(z.boolean().nullable()).nullish(),
});

const notFoundAnswer = z.object({ status: z.literal("NOT_FOUND") });

/** Whether fal itself says that it does not know the request, rather than something on the way to it. */
export function isUnknownRequest(exchange: Exchange): boolean {
  return exchange.kind === "answered" && exchange.status === 404 && notFoundAnswer.safeParse(exchange.body).success;
}

/**
 * The state of a completed request from its status and its result; undefined when the result was not answered readably
 * and must be asked for again. A 5xx on the result is the request's own failure only if the status said `error` as well.
 */
export function readCompleted(status: StatusAnswer, result: Exchange): RequestState | undefined {
  if (isUnknownRequest(result)) return { kind: "failed", failure: requestNotFound("fal") };
  if (result.kind !== "answered") return undefined;
  const { status: httpStatus, body } = result;
  if (httpStatus >= 200 && httpStatus < 300) return readOutputs(body);
  const failure = readFailure(status, httpStatus, body);
  if (!failure) return undefined;
  // What a cancel ended gives no result, and fal charges for results.
  if (failure.code === "provider_cancelled") return { kind: "failed", failure, stopped: "aborted" };
  // Its runner failed, which fal has repeated itself by now and does not charge.
  return failure.retryable ? { kind: "failed", failure, passing: "unbilled" } : { kind: "failed", failure };
}

/** A flagged output is a black frame: it is charged and left out; the others keep their index. */
function readOutputs(body: unknown): RequestState | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { data } = resultAnswer.safeParse(body);
  const images = data?.images ?? (data?.image ? [data.image] : undefined);
  if (!images) return { kind: "failed", failure: unreadableOutputs("fal") };
  const outputs = images
    .slice(0, maximumOutputsPerCall)
    .map(({ url }, index) => ({ index, url }))
    .filter(({ index }) => data?.has_nsfw_concepts?.[index] !== true);
  const charged = images.length === outputs.length ? {} : { charged: images.length };
  if (outputs.length > 0) return { kind: "succeeded", outputs, ...charged };
  const failure = images.length > 0 ? moderated("fal", "every output was flagged") : noOutputs("fal");
  return { kind: "failed", failure, ...charged };
}

function readFailure(status: StatusAnswer, httpStatus: number, body: unknown): Failure | undefined {
  const message = `fal: ${describeErrorBody(body, httpStatus)}`;
  if (httpStatus === 422) {
    // The queue accepts any input; that it is wrong shows only here.
    if (isModeration(body)) return { ...moderated("fal", describeErrorBody(body, httpStatus)), providerStatus: 422 };
    return readRefusal("fal", { status: httpStatus, body });
  }
  // 400 without an error in the status is "still in progress", the rest is about the reading, not about the request.
  if (!status.error) return undefined;
  if (httpStatus === 499) return { code: "provider_cancelled", message, retryable: false, providerStatus: 499 };
  if (httpStatus >= 500) return { code: "provider_failed", message, retryable: true, providerStatus: httpStatus };
  if (httpStatus === 400 || httpStatus === 413) return readRefusal("fal", { status: httpStatus, body });
  return undefined;
}
