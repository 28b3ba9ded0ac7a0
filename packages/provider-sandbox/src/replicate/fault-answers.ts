import type { FaultRule } from "../faults/fault-rule.ts";
import { answerJson, breakJson, type HttpAnswer, htmlPage } from "../http-answer.ts";
import { answerThrottled, notFound, unauthenticated, versionInvalid } from "./errors.ts";

const hangForMs = 120_000;

/** What a create answers when a fault keeps it from being accepted. */
export function answerRefusal(rule: FaultRule): HttpAnswer {
  switch (rule.fault) {
    case "unauthenticated":
      return unauthenticated;
    case "payment_required":
      return answerProblem(402, "Insufficient credit", "You have insufficient credit to run this model.");
    case "account_locked":
      return answerProblem(403, "Forbidden", "Your account is not allowed to run this model.");
    case "model_not_found":
      return notFound;
    case "version_invalid":
      return versionInvalid;
    case "rate_limited":
      return answerThrottled(rule.retryAfterSeconds ?? 1);
    case "error_before_acceptance":
      return answerInternal(rule.status ?? 503);
    default:
      return { kind: "reset" };
  }
}

/** What an accepted create answers in the place of `intended`. */
export function spoilAcceptance(rule: FaultRule, intended: HttpAnswer): HttpAnswer {
  switch (rule.fault) {
    case "error_after_acceptance":
      return answerInternal(rule.status ?? 500);
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

/** What a GET answers in the place of `intended`. */
export function spoilRead(rule: FaultRule, intended: HttpAnswer): HttpAnswer {
  switch (rule.fault) {
    case "read_error":
      return answerInternal(rule.status ?? 500);
    case "read_rate_limited":
      return answerThrottled(rule.retryAfterSeconds ?? 1);
    case "result_malformed":
      return breakJson(intended);
    case "result_html":
      return htmlPage;
    default:
      return { kind: "reset" };
  }
}

function answerInternal(status: number): HttpAnswer {
  return answerProblem(status, "Internal server error", "There was an error. Please try again.");
}

function answerProblem(status: number, title: string, detail: string): HttpAnswer {
  return answerJson(status, { title, detail, status });
}
