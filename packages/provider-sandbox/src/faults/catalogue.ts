import type { Provider } from "../submission.ts";

/**
 * When a fault is decided:
 * `admission` before a submission is accepted, `input` when its input is checked, `acceptance` when its answer is sent,
 * `job` when it is accepted (several may meet in one job), `read` on status, result, prediction and list requests, `result`
 * on result and prediction requests only, `download` when an output is fetched.
 */
export type FaultStage = "admission" | "input" | "acceptance" | "job" | "read" | "result" | "download";

/** Settings of a rule that only some faults have. */
export type FaultSetting = "status" | "retryAfterSeconds" | "latencyMs" | "count" | "billed" | "error";

interface FaultDescription {
  readonly stage: FaultStage;
  /** Absent: both. */
  readonly provider?: Provider;
  readonly settings: readonly FaultSetting[];
  readonly does: string;
}

/** Every fault the sandbox can be told to produce: the rows of section 4 of the provider notes, one name each. */
export const faultCatalogue = {
  unauthenticated: { stage: "admission", settings: [], does: "401, nothing accepted" },
  payment_required: { stage: "admission", settings: [], does: "402, nothing accepted" },
  account_locked: { stage: "admission", settings: [], does: "403, nothing accepted" },
  rate_limited: {
    stage: "admission",
    settings: ["retryAfterSeconds"],
    does: "429 with Retry-After (1 s), nothing accepted",
  },
  model_not_found: { stage: "admission", settings: [], does: "404 for the model, nothing accepted" },
  version_invalid: {
    stage: "admission",
    provider: "replicate",
    settings: [],
    does: "422 'Invalid version or not permitted', nothing accepted",
  },
  error_before_acceptance: { stage: "admission", settings: ["status"], does: "5xx (503), nothing accepted" },
  reset_before_acceptance: { stage: "admission", settings: [], does: "connection reset, nothing accepted" },

  validation: {
    stage: "input",
    settings: ["billed"],
    does: "422 about the input: fal accepts and says so on the result, Replicate refuses to create",
  },

  error_after_acceptance: { stage: "acceptance", settings: ["status"], does: "5xx (500), yet accepted and run" },
  lost_response: { stage: "acceptance", settings: [], does: "connection reset, yet accepted and run" },
  response_hangs: {
    stage: "acceptance",
    settings: ["latencyMs"],
    does: "accepted and run, but no answer; the connection is reset after latencyMs (120 s)",
  },
  response_malformed: {
    stage: "acceptance",
    settings: [],
    does: "accepted and run, answered 200 with half a JSON text",
  },
  response_html: { stage: "acceptance", settings: [], does: "accepted and run, answered 200 with an HTML page" },

  slow: { stage: "job", settings: ["latencyMs"], does: "runs for latencyMs (5 s)" },
  job_hangs: { stage: "job", settings: [], does: "stays in progress until cancelled" },
  requeue: {
    stage: "job",
    provider: "fal",
    settings: ["count"],
    does: "IN_PROGRESS goes back to IN_QUEUE count times (1), same id, no extra submission",
  },
  job_failed: {
    stage: "job",
    settings: ["status", "error", "billed"],
    does: "fal: COMPLETED, 5xx (500) on the result; Replicate: failed with error ('Prediction interrupted…')",
  },
  aborted: {
    stage: "job",
    settings: [],
    does: "given up before it started, unbilled. fal: COMPLETED, 504 with timeout type user; Replicate: aborted",
  },
  policy: {
    stage: "job",
    settings: ["error", "billed"],
    does: "refused for its content. fal: 422 content_policy_violation on the result; Replicate: failed, 'NSFW content detected…'",
  },
  nsfw: {
    stage: "job",
    settings: ["count"],
    does: "count outputs (1) flagged. fal: has_nsfw_concepts and a black frame, billed; Replicate: left out, failed when none is left",
  },
  fewer_images: { stage: "job", settings: ["count"], does: "count outputs (1) fewer than asked, at least one is left" },
  zero_images: { stage: "job", settings: [], does: "succeeds without an output, billed" },
  cancel_ignored: {
    stage: "job",
    settings: [],
    does: "a cancel while running is acknowledged, yet the job completes and is billed",
  },
  webhook_lost: { stage: "job", settings: [], does: "the webhook is never called" },
  webhook_twice: { stage: "job", settings: [], does: "the webhook is called twice about the end" },

  read_error: { stage: "read", settings: ["status"], does: "5xx (500) on a GET" },
  read_rate_limited: { stage: "read", settings: ["retryAfterSeconds"], does: "429 with Retry-After (1 s) on a GET" },
  read_reset: { stage: "read", settings: [], does: "connection reset on a GET" },
  result_malformed: { stage: "result", settings: [], does: "half a JSON text on a result or prediction" },
  result_html: { stage: "result", settings: [], does: "200 with an HTML page on a result or prediction" },
  data_removed: {
    stage: "result",
    provider: "replicate",
    settings: [],
    does: "from now on the prediction has lost its input, output, logs and files",
  },

  output_missing: { stage: "download", settings: ["status"], does: "from now on 404 (or status) for this file" },
  output_error: { stage: "download", settings: ["status"], does: "5xx (500) for this download" },
  output_truncated: {
    stage: "download",
    settings: [],
    does: "half the bytes with a matching Content-Length: only decoding shows it",
  },
  output_cut: { stage: "download", settings: [], does: "the connection is reset half-way through the body" },
  output_html: { stage: "download", settings: [], does: "200 with an HTML page instead of an image" },
} as const satisfies Readonly<Record<string, FaultDescription>>;

export type FaultName = keyof typeof faultCatalogue;

export const faultNames = Object.keys(faultCatalogue) as [FaultName, ...FaultName[]];

/** The description of a fault, by its general type. */
export function describeFault(name: FaultName): FaultDescription {
  return faultCatalogue[name];
}
