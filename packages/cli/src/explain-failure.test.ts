import { TirageProblem } from "@tirage/client";
import { expect, test } from "vitest";
import { explainFailure } from "./explain-failure.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const problemOf = (status: number, trace: string | null = traceId) =>
  new TirageProblem({
    type: "/problems/internal",
    title: "Something failed",
    status,
    detail: "on our side",
    errors: [],
    requestId: "request-1",
    traceId: trace,
    retryAfterMs: undefined,
  });
const explain = (problem: TirageProblem) => explainFailure(problem, "http://api");

test("explainFailure: the service's own fault, request and trace to look for in its logs", () => {
  expect(explain(problemOf(500)).details).toEqual(["request request-1, in the service's logs", `trace ${traceId}`]);
  expect(explain(problemOf(500, null)).details).toEqual(["request request-1, in the service's logs"]);
});

test("explainFailure: a fault of the request, both ids for programs alone", () => {
  expect(explain(problemOf(404))).toMatchObject({ details: [], problem: { requestId: "request-1", traceId } });
});
