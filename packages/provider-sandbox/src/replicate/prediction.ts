import { type Ending, readInput, type Submission } from "../submission.ts";
import { hasSingleOutput, readReplicateOrder } from "./models.ts";

/** First segment of the path of Replicate's files. */
export const fileHost = "replicate.delivery";

/** What a prediction looks like depends on who looks, when, and whether its data is still kept. */
export interface PredictionView {
  /** Origin under which the client sees the sandbox. */
  readonly baseUrl: string;
  /** Whether input, output, logs and files are gone. */
  readonly dataRemoved: boolean;
}

/** The prediction object, as create, get, cancel, list and callbacks show it. */
export function describePrediction(submission: Submission, view: PredictionView): object {
  const { id, model, version, webhook, webhookEvents, ending } = submission;
  const { dataRemoved } = view;
  const input = readInput(submission);
  const address = `${view.baseUrl}/v1/predictions/${id}`;
  return {
    id,
    model,
    version: version ?? "hidden",
    input: dataRemoved ? {} : input,
    output: dataRemoved ? null : outputOf(submission, view.baseUrl),
    logs:
      dataRemoved || submission.startedAt === null ? "" : `Using seed: ${readReplicateOrder(model, input, id).seed}\n`,
    error: ending ? errorOf(ending) : null,
    status: statusOf(submission),
    source: "api",
    data_removed: dataRemoved,
    created_at: isoTime(submission.submittedAt),
    started_at: isoTime(submission.startedAt),
    completed_at: isoTime(submission.finishedAt),
    metrics: metricsOf(submission),
    urls: { get: address, cancel: `${address}/cancel`, web: `${view.baseUrl}/p/${id}` },
    ...(webhook !== null && { webhook }),
    ...(webhookEvents !== null && { webhook_events_filter: webhookEvents }),
  };
}

function outputOf({ id, model, inputJson, ending }: Submission, baseUrl: string): string[] | string | null {
  if (ending?.kind !== "succeeded") return null;
  const { format } = readReplicateOrder(model, JSON.parse(inputJson), id);
  const extension = format === "jpeg" ? "jpg" : format;
  // cog-flux and cog-sdxl name files by the index an output had before others were left out.
  const urls = ending.produced.map((index) => `${baseUrl}/${fileHost}/sandbox/${id}/out-${index}.${extension}`);
  return hasSingleOutput(model) ? (urls[0] ?? null) : urls;
}

function statusOf({ state, ending }: Submission): string {
  if (!ending) return state === "waiting" ? "starting" : "processing";
  switch (ending.kind) {
    case "succeeded":
      return "succeeded";
    case "cancelled":
      return "canceled";
    case "aborted":
      return "aborted";
    default:
      return "failed";
  }
}

function errorOf(ending: Ending): string | null {
  switch (ending.kind) {
    case "moderated":
      return ending.error ?? "NSFW content detected. Try running it again, or try a different prompt.";
    case "failed":
      return ending.error ?? "Prediction interrupted; please retry (code: PA)";
    default:
      return null;
  }
}

function metricsOf({ submittedAt, startedAt, finishedAt }: Submission): object {
  if (startedAt === null || finishedAt === null) return {};
  return { predict_time: (finishedAt - startedAt) / 1000, total_time: (finishedAt - submittedAt) / 1000 };
}

function isoTime(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
