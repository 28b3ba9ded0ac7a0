import { expect, test } from "vitest";
import { workOf } from "../../test/in-memory-ports.ts";
import { completedResult, failedResult, outcomeOf, readRecord, recordOf } from "./generation-result.ts";

const work = workOf().payload;
const ending = { workerId: "worker-1", requestId: "request-1", finishedAt: new Date("2026-03-04T05:06:07.089Z") };
const output = { index: 0, storageKey: "a/b", contentType: "image/png", bytes: 1, width: 1, height: 1, seed: 7 };
const completed = completedResult(
  work,
  {
    outputs: [{ ...output, sha256: "0".repeat(64) }],
    timings: { submitMs: 1.5, waitMs: 2, storeMs: 3 },
    startedAt: new Date(0),
  },
  ending,
);
const failed = failedResult(work, { code: "provider_failed", message: "no", retryable: true }, ending);

test.each([completed, failed])(
  "readRecord: of a recorded $name, after a round trip through JSON, is the very same message",
  (result) => {
    expect(readRecord(JSON.parse(JSON.stringify(recordOf(result))))).toEqual(result);
  },
);

test("readRecord: of something no generator recorded, throws", () => {
  expect(() => readRecord({ type: "tirage.item.exploded.v1", payload: {} })).toThrow("tirage.item.exploded.v1");
  expect(() => readRecord(null)).toThrow();
});

test("failedResult: of a message with NUL or cut within an emoji, holds only what Postgres can store", () => {
  const failure = { code: "moderated", message: `a\0b${"🏮".slice(0, 1)}`, retryable: false };
  expect(failedResult(work, failure, ending).payload).toMatchObject({ error: { ...failure, message: "ab\uFFFD" } });
});

test("outcomeOf: tells full from partial batches and names failures by their code", () => {
  expect(outcomeOf(completed)).toBe("partial");
  expect(
    outcomeOf(completedResult({ ...work, batchSize: 1 }, { outputs: [{ ...output, sha256: "0".repeat(64) }] }, ending)),
  ).toBe("completed");
  expect(outcomeOf(failed)).toBe("provider_failed");
});
