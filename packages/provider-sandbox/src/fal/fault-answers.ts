import type { FaultRule } from "../faults/fault-rule.ts";
import { answerJson, breakJson, type HttpAnswer, htmlPage } from "../http-answer.ts";
import { answerFlatError } from "./errors.ts";

const hangForMs = 120_000;

/** 401 of a key fal does not know. */
export const unauthenticated: HttpAnswer = answerJson(401, { detail: "invalid key credentials" });

/** What a submit answers when a fault keeps it from being accepted. */
export function answerRefusal(rule: FaultRule, endpointId: string): HttpAnswer {
  switch (rule.fault) {
    case "unauthenticated":
      return unauthenticated;
    case "payment_required":
      return answerJson(402, { detail: "Payment required: the balance is exhausted." });
    case "account_locked":
      return answerJson(403, { detail: "User is locked. Reason: Exhausted balance." });
    case "model_not_found":
      return answerJson(404, { detail: `Application '${endpointId}' not found` });
    case "rate_limited":
      return answerTooMany(rule);
    case "error_before_acceptance":
      return answerFlatError(rule.status ?? 503, "The request was not accepted.");
    default:
      return { kind: "reset" };
  }
}

/** What an accepted submit answers in the place of `intended`. */
export function spoilAcceptance(rule: FaultRule, intended: HttpAnswer): HttpAnswer {
  switch (rule.fault) {
    case "error_after_acceptance":
      return answerFlatError(rule.status ?? 500, "Internal server error");
    case "response_hangs":
      return { kind: "hang", forMs: rule.latencyMs ?? hangForMs };
    case "response_malformed":
      return breakJson(intended);
    case "response_html":
      return htmlPage;
    default:
      return { kind: "reset" };
  }
}

/** What a status or result request answers in the place of `intended`. */
export function spoilRead(rule: FaultRule, intended: HttpAnswer): HttpAnswer {
  switch (rule.fault) {
    case "read_error":
      return answerFlatError(rule.status ?? 500, "Internal server error");
    case "read_rate_limited":
      return answerTooMany(rule);
    case "result_malformed":
      return breakJson(intended);
    case "result_html":
      return htmlPage;
    default:
      return { kind: "reset" };
  }
}

function answerTooMany({ retryAfterSeconds = 1 }: FaultRule): HttpAnswer {
  return answerJson(429, { detail: "Too many requests" }, { "retry-after": String(retryAfterSeconds) });
}
