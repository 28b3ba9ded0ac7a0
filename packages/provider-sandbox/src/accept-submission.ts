import { uniform } from "./deterministic.ts";
import { planJob } from "./faults/plan-job.ts";
import type { JobDeadline } from "./job-queue.ts";
import type { NewSubmission } from "./ledger.ts";
import type { SandboxContext } from "./sandbox-context.ts";
import type { InputProblem, Submission } from "./submission.ts";

/** Share of the latency that varies from job to job. */
const latencySpread = 0.2;

export interface AcceptedJob {
  readonly submission: NewSubmission;
  /** Outputs asked for. */
  readonly count: number;
  readonly problems: readonly InputProblem[];
  readonly problemsBilled: boolean;
  readonly deadline?: JobDeadline;
}

/** Books a submission, decides its course and puts it in its provider's queue. From here on it costs. */
export function acceptSubmission(context: SandboxContext, job: AcceptedJob): Submission {
  const { settings, ledger, faults, queues } = context;
  const { provider, model, input } = job.submission;
  const strikes = faults.strikeAll({ stage: "job", provider, model, inputSeed: input.seed });
  const submission = ledger.record(job.submission);
  const spread = 1 + latencySpread * uniform(settings.seed, "latency", submission.ordinal);
  const latencyMs = Math.round(settings.latencyMs * spread);
  const { count, problems, problemsBilled } = job;
  const plan = planJob({ provider, count, latencyMs, problems, problemsBilled }, strikes);
  queues[provider].add(submission, plan, job.deadline);
  return submission;
}
