import { describe, expect, test } from "vitest";
import { readCompleted, type StatusAnswer } from "./fal-answers.ts";

const completed: StatusAnswer = { status: "COMPLETED" };
const broken: StatusAnswer = { status: "COMPLETED", error: "The runner failed.", error_type: "runner_server_error" };
const answer = (status: number, body: unknown) => ({ kind: "answered", status, headers: new Headers(), body }) as const;
const detail = (type: string) => ({ detail: [{ loc: ["body", "prompt"], msg: "no", type }] });
const url = "https://v3.fal.media/files/a.png";

test.each([
  ["one flagged", [true, false], { kind: "succeeded", charged: 2 }],
  ["all flagged", [true, true], { kind: "failed", charged: 2 }],
])("readCompleted: %s, charged for all the same", (_case, flags, state) => {
  const body = { images: [{ url }, { url }], has_nsfw_concepts: flags };

  expect(readCompleted(completed, answer(200, body))).toMatchObject(state);
});

describe("readCompleted: result that can be read", () => {
  test.each([
    ["images", { images: [{ url }, { url }] }, [0, 1]],
    ["an image by itself", { image: { url } }, [0]],
    ["one flagged", { images: [{ url }, { url }], has_nsfw_concepts: [true, false] }, [1]],
    ["fewer flags than images", { images: [{ url }, { url }], has_nsfw_concepts: [false] }, [0, 1]],
    ["flags that are null", { images: [{ url }], has_nsfw_concepts: [null] }, [0]],
  ])("%s, succeeded with their indexes", (_case, body, indexes) => {
    const state = readCompleted(completed, answer(200, body));

    expect(state?.kind === "succeeded" && state.outputs.map(({ index }) => index)).toEqual(indexes);
  });

  test.each([
    ["every image flagged", completed, 200, { images: [{ url }], has_nsfw_concepts: [true] }, "moderated", false],
    ["no images", completed, 200, { images: [] }, "no_outputs", true],
    ["something else", completed, 200, { video: { url } }, "output_unreadable", false],
    ["content policy", completed, 422, detail("content_policy_violation"), "moderated", false],
    ["content policy, told in words", completed, 422, { detail: "flagged by a checker" }, "moderated", false],
    ["a value out of range", completed, 422, detail("less_than_equal"), "validation", false],
    ["a 422 without details", completed, 422, undefined, "validation", false],
    ["the runner's failure", broken, 500, { detail: "x", error_type: "runner_server_error" }, "provider_failed", true],
    ["the start's timeout", broken, 504, { detail: "x", error_type: "request_timeout" }, "provider_failed", true],
    ["a cancellation", broken, 499, { detail: "x", error_type: "client_cancelled" }, "provider_cancelled", false],
    ["an unknown request", completed, 404, { status: "NOT_FOUND" }, "request_not_found", false],
  ])("%s, failed and classified", (_case, status, httpStatus, body, code, retryable) => {
    expect(readCompleted(status, answer(httpStatus, body))).toMatchObject({
      kind: "failed",
      failure: { code, retryable },
    });
  });
});

test.each([
  ["5xx though the request did not fail", completed, answer(500, { detail: "x" })],
  ["not completed after all", completed, answer(400, { detail: "Request is still in progress" })],
  ["throttled", broken, answer(429, {})],
  ["key refused", broken, answer(401, {})],
  ["a proxy's 404", completed, answer(404, undefined)],
  ["a page in the place of JSON", completed, answer(200, undefined)],
  ["no answer", broken, { kind: "lost", reason: "reset" } as const],
])("readCompleted: %s, to be asked again", (_case, status, result) => {
  expect(readCompleted(status, result)).toBeUndefined();
});
