import { expect, test } from "vitest";
import { planJob } from "./plan-job.ts";

const facts = { provider: "fal", count: 4, latencyMs: 300, problems: [], problemsBilled: false } as const;

test("a job no fault struck: everything asked for, billed", () => {
  expect(planJob(facts, [])).toEqual({
    latencyMs: 300,
    hangs: false,
    requeues: 0,
    ignoresCancel: false,
    announcements: 1,
    ending: { kind: "succeeded", produced: [0, 1, 2, 3], flagged: [], billed: true, images: 4 },
  });
});

test("several faults in one job: each has its part in the course", () => {
  const plan = planJob(facts, [
    { fault: "slow", latencyMs: 9 },
    { fault: "fewer_images", count: 2 },
    { fault: "nsfw" },
  ]);
  expect(plan).toMatchObject({ latencyMs: 9, ending: { produced: [0, 1], flagged: [1], images: 2 } });
});

test("two faults that end a job otherwise: the first", () => {
  expect(planJob(facts, [{ fault: "policy" }, { fault: "job_failed" }]).ending.kind).toBe("moderated");
  expect(planJob(facts, [{ fault: "job_failed" }, { fault: "policy" }]).ending.kind).toBe("failed");
});

test("a batch of one: fewer images leaves it, a flag on Replicate fails the job", () => {
  const single = { ...facts, provider: "replicate", count: 1 } as const;
  expect(planJob(single, [{ fault: "fewer_images", count: 3 }]).ending).toMatchObject({ images: 1 });
  expect(planJob(single, [{ fault: "nsfw" }]).ending).toMatchObject({ kind: "moderated", billed: false });
});
