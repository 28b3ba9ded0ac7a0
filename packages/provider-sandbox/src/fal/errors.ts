import { answerJson, type HttpAnswer } from "../http-answer.ts";
import type { Ending, InputProblem } from "../submission.ts";

/** fal's flat errors: the error type by status, as its infrastructure reports them. */
const errorTypes: Readonly<Record<number, string>> = {
  500: "runner_server_error",
  502: "runner_incomplete_response",
  503: "runner_connection_error",
  504: "startup_timeout",
};

/** An error of fal's infrastructure: flat body, type repeated in a header. */
export function answerFlatError(status: number, detail: string, errorType = errorTypes[status]): HttpAnswer {
  const type = errorType ?? "internal_error";
  return answerJson(status, { detail, error_type: type }, { "x-fal-error-type": type });
}

/** Unknown request id. */
export const notFound: HttpAnswer = answerJson(404, { status: "NOT_FOUND" });

/** What the result of an unsuccessful submission answers. */
export function answerEnding(ending: Exclude<Ending, { kind: "succeeded" }>, input: unknown): HttpAnswer {
  switch (ending.kind) {
    case "invalid":
      return answerJson(422, { detail: ending.problems.map((problem) => describeProblem(problem, input)) });
    case "moderated":
      return answerJson(422, {
        detail: [
          {
            loc: ["body", "prompt"],
            msg:
              ending.error ?? "The content could not be processed because it contained material flagged by a checker.",
            type: "content_policy_violation",
            url: "https://docs.fal.ai/errors#content_policy_violation",
            input,
          },
        ],
      });
    case "failed":
      return answerFlatError(ending.status, ending.error ?? "The runner failed.");
    case "aborted":
      return answerJson(
        504,
        { detail: "Request did not start in time", error_type: "request_timeout" },
        { "x-fal-error-type": "request_timeout", "x-fal-request-timeout-type": "user" },
      );
    case "cancelled":
      return answerFlatError(499, "Request was cancelled", "client_cancelled");
  }
}

/** The `error` and `error_type` of a completed status, absent when it succeeded. */
export function statusErrorOf(ending: Ending): { error?: string; error_type?: string } {
  switch (ending.kind) {
    case "succeeded":
      return {};
    case "invalid":
    case "moderated":
      return { error: "Invalid status code: 422", error_type: "bad_request" };
    case "failed":
      return { error: ending.error ?? "The runner failed.", error_type: errorTypes[ending.status] ?? "internal_error" };
    case "aborted":
      return { error: "Request did not start in time", error_type: "request_timeout" };
    case "cancelled":
      return { error: "Request was cancelled", error_type: "client_cancelled" };
  }
}

/** Pydantic's wording, which fal's models pass on. */
function describeProblem(problem: InputProblem, input: unknown) {
  const { field } = problem;
  const loc = ["body", field];
  if (problem.kind === "missing") return { loc, msg: "Field required", type: "missing", input };
  const value = (input as Record<string, unknown>)[field];
  switch (problem.kind) {
    case "type": {
      const type = { string: "string_type", integer: "int_type", number: "float_type" }[problem.expected];
      return { loc, msg: `Input should be a valid ${problem.expected}`, type, input: value };
    }
    case "below":
      return {
        loc,
        msg: `Input should be greater than or equal to ${problem.limit}`,
        type: "greater_than_equal",
        ctx: { ge: problem.limit },
        input: value,
      };
    case "above":
      return {
        loc,
        msg: `Input should be less than or equal to ${problem.limit}`,
        type: "less_than_equal",
        ctx: { le: problem.limit },
        input: value,
      };
    case "choice": {
      const expected = problem.choices.map((choice) => `'${choice}'`).join(", ");
      return { loc, msg: `Input should be ${expected}`, type: "literal_error", ctx: { expected }, input: value };
    }
  }
}
