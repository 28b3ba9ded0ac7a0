import type { JobPlan } from "../job-queue.ts";
import type { Ending, InputProblem, Provider } from "../submission.ts";
import type { FaultName } from "./catalogue.ts";
import type { FaultRule } from "./fault-rule.ts";

const slowLatencyMs = 5000;

export interface JobFacts {
  readonly provider: Provider;
  /** Outputs asked for. */
  readonly count: number;
  /** How long the job runs when nothing slows it down. */
  readonly latencyMs: number;
  /** What is wrong with the input. The job ends with it; only fal accepts such a job at all. */
  readonly problems: readonly InputProblem[];
  /** Whether a refused input is charged for, as fal may when a GPU ran first. */
  readonly problemsBilled: boolean;
}

/** Decides a job's course from the faults that struck it. The first fault that ends a job otherwise wins. */
export function planJob(facts: JobFacts, strikes: readonly FaultRule[]): JobPlan {
  const struck = new Map<FaultName, FaultRule>();
  for (const rule of strikes) if (!struck.has(rule.fault)) struck.set(rule.fault, rule);
  const slow = struck.get("slow");
  const requeue = struck.get("requeue");
  const twice = struck.has("webhook_twice") ? 2 : 1;
  return {
    latencyMs: slow ? (slow.latencyMs ?? slowLatencyMs) : facts.latencyMs,
    hangs: struck.has("job_hangs"),
    requeues: requeue ? (requeue.count ?? 1) : 0,
    ignoresCancel: struck.has("cancel_ignored"),
    announcements: struck.has("webhook_lost") ? 0 : twice,
    ending: planEnding(facts, strikes, struck),
  };
}

function planEnding(facts: JobFacts, strikes: readonly FaultRule[], struck: ReadonlyMap<FaultName, FaultRule>): Ending {
  if (facts.problems.length > 0) {
    return { kind: "invalid", problems: facts.problems, billed: facts.problemsBilled, images: 0 };
  }
  for (const { fault, status, error = null, billed = false } of strikes) {
    if (fault === "job_failed") return { kind: "failed", status: status ?? 500, error, billed, images: 0 };
    if (fault === "policy") return { kind: "moderated", error, billed, images: 0 };
    if (fault === "aborted") return { kind: "aborted", billed: false, images: 0 };
  }
  return planOutputs(facts, struck);
}

function planOutputs({ provider, count }: JobFacts, struck: ReadonlyMap<FaultName, FaultRule>): Ending {
  const fewer = struck.get("fewer_images");
  const nsfw = struck.get("nsfw");
  const left = fewer ? Math.max(1, count - (fewer.count ?? 1)) : count;
  const indexes = struck.has("zero_images") ? [] : Array.from({ length: left }, (_, index) => index);
  // The second output rather than the first, so that a gap shows in what is left.
  const marked = nsfw ? [...indexes.slice(1), ...indexes.slice(0, 1)].slice(0, nsfw.count ?? 1) : [];
  if (provider === "fal") return succeed(indexes, marked);
  const produced = indexes.filter((index) => !marked.includes(index));
  if (marked.length > 0 && produced.length === 0) return { kind: "moderated", error: null, billed: false, images: 0 };
  return succeed(produced, []);
}

function succeed(produced: readonly number[], flagged: readonly number[]): Ending {
  return { kind: "succeeded", produced, flagged, billed: true, images: produced.length };
}
