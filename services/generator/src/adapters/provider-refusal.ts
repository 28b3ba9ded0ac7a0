/** What providers' error answers mean, where fal and Replicate mean the same. */
import type { Failure } from "@tirage/contracts";
import { RetryLaterError } from "@tirage/messaging";
import { z } from "zod";
import type { SubmitOutcome } from "../ports.ts";
import { type Exchange, isSuccess } from "./guarded-fetch.ts";
import { readRetryAfterMs } from "./retry-after.ts";

type Answer = Extract<Exchange, { kind: "answered" }>;

/** After a request that never left: the provider, or the way to it, is down. */
const unreachableDelayMs = 2_000;
/** After an answer to a free request that cannot be read. */
const unreadableDelayMs = 1_000;
/** A key, a balance or a lock is mended by a person. */
const accountDelayMs = 30_000;
const maximumMessageCharacters = 500;

/** `{detail: text}`, `{detail: [{loc, msg, type}]}` and `{title, detail}`, as far as they are there. */
const errorBody = z.object({
  title: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  detail: z
    .union([
      z.string(),
      z.array(
        z.object({
          loc: z.array(z.union([z.string(), z.number()])).catch([]),
          msg: z.string().catch(""),
          type: z.string().catch(""),
        }),
      ),
    ])
    .optional()
    .catch(undefined),
});

/** An error answer in words for people, as the provider put it. */
export function describeErrorBody(body: unknown, status: number): string {
  const { title, error, detail } = errorBody.safeParse(body).data ?? {};
  const details = Array.isArray(detail)
    ? detail.map(({ loc, msg, type }) => `${loc.slice(1).join(".") || loc.join(".")}: ${msg || type}`).join("; ")
    : (detail ?? error ?? "");
  const message = [title, details].filter((part) => part).join(": ");
  return (message || `HTTP ${status}`).trim().slice(0, maximumMessageCharacters);
}

/** Whether the content was refused, by the error type where the provider names one and by its words where not. */
export function isModeration(body: unknown): boolean {
  const { detail } = errorBody.safeParse(body).data ?? {};
  if (Array.isArray(detail)) return detail.some(({ type }) => type === "content_policy_violation");
  return detail !== undefined && isModerationText(detail);
}

export function isModerationText(text: string): boolean {
  return /nsfw|flagged|sensitive/i.test(text);
}

/** Why a provider will not do what was asked, from a 4xx answer. */
export function readRefusal(provider: string, { status, body }: Pick<Answer, "status" | "body">): Failure {
  const message = `${provider}: ${describeErrorBody(body, status)}`;
  const refusal = (code: string, retryable = false): Failure => ({ code, message, retryable, providerStatus: status });
  if (status === 401 || status === 402 || status === 403) return refusal("provider_account", true);
  if (status === 404) return refusal("model_not_found");
  if (status === 400 || status === 413 || status === 422) {
    return refusal(isModeration(body) ? "moderated" : "validation");
  }
  return refusal("provider_refused");
}

/** What is known after a submit, unless it was answered with success: the provider's client reads that itself. */
export function readFailedSubmit(provider: string, exchange: Exchange, now: Date): SubmitOutcome {
  if (exchange.kind === "not_sent") {
    return { kind: "not_accepted", reason: exchange.reason, retryAfterMs: unreachableDelayMs, isUnreachable: true };
  }
  if (exchange.kind === "lost") return { kind: "unknown", reason: exchange.reason };
  const { status, headers, body } = exchange;
  if (status === 429) {
    const retryAfterMs = readRetryAfterMs(headers, body, now);
    return { kind: "not_accepted", reason: describeErrorBody(body, status), retryAfterMs };
  }
  // Timeouts that intermediaries report (408, 499) say as little about the provider as a 5xx.
  const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 499;
  if (isRefused) return { kind: "refused", failure: readRefusal(provider, exchange) };
  const reason = isSuccess(status) ? `HTTP ${status} that cannot be read` : describeErrorBody(body, status);
  return { kind: "unknown", reason: `${provider} answered ${reason}` };
}

/** A free request that was not answered readably: ask again later. */
export function retryLater(provider: string, exchange: Exchange, now: Date): RetryLaterError {
  if (exchange.kind !== "answered") {
    return new RetryLaterError("provider_unreachable", `${provider}: ${exchange.reason}`, {
      delayMs: unreachableDelayMs,
    });
  }
  const { status, headers, body } = exchange;
  const message = `${provider}: ${isSuccess(status) ? "an answer that cannot be read" : describeErrorBody(body, status)}`;
  if (status === 429) {
    return new RetryLaterError("provider_throttled", message, { delayMs: readRetryAfterMs(headers, body, now) });
  }
  if (status === 401 || status === 402 || status === 403) {
    return new RetryLaterError("provider_account", message, { delayMs: accountDelayMs });
  }
  return new RetryLaterError("provider_unreadable", message, { delayMs: unreadableDelayMs });
}

/** The request is not known to the provider any more, or never was. */
export function requestNotFound(provider: string): Failure {
  return {
    code: "request_not_found",
    message: `${provider} does not know this request any more; it may have been charged`,
    retryable: false,
    providerStatus: 404,
  };
}

/** The provider ended the request without a single output. */
export function noOutputs(provider: string): Failure {
  return { code: "no_outputs", message: `${provider} ended this generation without an output`, retryable: true };
}

/** The request ended well with something that holds no image: asking again would pay for the same. */
export function unreadableOutputs(provider: string): Failure {
  const message = `${provider} ended this generation with a result that holds no images; it was charged`;
  return { code: "output_unreadable", message, retryable: false };
}

/** Every output, or the request itself, was withheld for its content. */
export function moderated(provider: string, reason: string): Failure {
  return { code: "moderated", message: `${provider}: ${reason}`.slice(0, maximumMessageCharacters), retryable: false };
}
