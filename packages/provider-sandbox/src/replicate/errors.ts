import { answerJson, type HttpAnswer } from "../http-answer.ts";
import type { InputProblem } from "../submission.ts";

/** 401 of a token Replicate does not know. */
export const unauthenticated = answerJson(401, {
  title: "Unauthenticated",
  detail: "You did not pass a valid authentication token",
  status: 401,
});

/** Unknown prediction or model, and a community model called without its version. */
export const notFound = answerJson(404, { detail: "The requested resource could not be found.", status: 404 });

/** A version that does not exist, or an unversioned call where a version is needed. */
export const versionInvalid = answerJson(422, {
  title: "Invalid version or not permitted",
  detail: "The specified version does not exist (or perhaps you don't have permission to use it?)",
  status: 422,
});

/** A body that is not what the API takes. */
export function answerBadBody(detail: string): HttpAnswer {
  return answerJson(422, { title: "Unprocessable Entity", detail, status: 422 });
}

/** 429 with the seconds until the limit resets, in the text, the body and the headers. */
export function answerThrottled(seconds: number): HttpAnswer {
  const body = {
    detail: `Request was throttled. Your rate limit resets in ~${seconds}s.`,
    status: 429,
    retry_after: seconds,
  };
  const headers = { "retry-after": String(seconds), "ratelimit-remaining": "0", "ratelimit-reset": String(seconds) };
  return answerJson(429, body, headers);
}

/** gojsonschema's wording, which Replicate passes on. */
export function answerInvalidInput(problems: readonly InputProblem[]): HttpAnswer {
  const fields = problems.map(describeProblem);
  return answerJson(422, {
    detail: fields.map(({ field, description }) => `- ${field}: ${description}\n`).join(""),
    status: 422,
    title: "Input validation failed",
    invalid_fields: fields,
  });
}

function describeProblem(problem: InputProblem): { type: string; field: string; description: string } {
  if (problem.kind === "missing") {
    return { type: "required", field: "input", description: `${problem.field} is required` };
  }
  const field = `input.${problem.field}`;
  switch (problem.kind) {
    case "type":
      return { type: "invalid_type", field, description: `Invalid type. Expected: ${problem.expected}` };
    case "below":
      return { type: "number_gte", field, description: `Must be greater than or equal to ${problem.limit}` };
    case "above":
      return { type: "number_lte", field, description: `Must be less than or equal to ${problem.limit}` };
    case "choice": {
      const choices = problem.choices.map((choice) => `"${choice}"`).join(", ");
      return { type: "enum", field, description: `${field} must be one of the following: ${choices}` };
    }
  }
}
