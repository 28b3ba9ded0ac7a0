import { answerJson, type HttpAnswer } from "../http-answer.ts";
import { contentTypes, fitSize } from "../images/picture.ts";
import { readInput, type Submission } from "../submission.ts";
import { falHosts, requestAddresses } from "./addresses.ts";
import { answerEnding, statusErrorOf } from "./errors.ts";
import { readFalOrder } from "./models.ts";

/** What `GET …/requests/{id}` answers, the address under which the client sees the sandbox given. */
export function answerResult(submission: Submission, baseUrl: string, maxImageEdgePx: number): HttpAnswer {
  const { ending } = submission;
  if (!ending) return answerJson(400, { detail: "Request is still in progress" });
  const input = readInput(submission);
  if (ending.kind !== "succeeded") return answerEnding(ending, input);

  const order = readFalOrder(submission.model, input, submission.id);
  const size = fitSize(order, maxImageEdgePx);
  const images = ending.produced.map((index) => ({
    url: `${baseUrl}/${falHosts.media}/files/sandbox/${submission.id}/${index}.${order.format}`,
    ...size,
    content_type: contentTypes[order.format],
    file_name: `${index}.${order.format}`,
  }));
  const body = {
    images,
    timings: { inference: inferenceSeconds(submission) },
    seed: order.seed,
    has_nsfw_concepts: ending.produced.map((index) => ending.flagged.includes(index)),
    prompt: order.prompt,
  };
  return answerJson(200, body, { "x-fal-billable-units": String(ending.images) });
}

/** What `GET …/requests/{id}/status` answers. */
export function answerStatus(
  submission: Submission,
  view: { baseUrl: string; withLogs: boolean; queuePosition: number },
): HttpAnswer {
  const { id, model, state, ending } = submission;
  const addresses = requestAddresses(view.baseUrl, model, id);
  if (state === "waiting") {
    return answerJson(202, { status: "IN_QUEUE", request_id: id, queue_position: view.queuePosition, ...addresses });
  }
  const logs = view.withLogs ? logsOf(submission) : null;
  if (!ending) return answerJson(202, { status: "IN_PROGRESS", request_id: id, logs, ...addresses });
  const metrics = { inference_time: inferenceSeconds(submission) };
  return answerJson(200, {
    status: "COMPLETED",
    request_id: id,
    logs,
    metrics,
    ...statusErrorOf(ending),
    ...addresses,
  });
}

function logsOf({ startedAt, submittedAt }: Submission) {
  const timestamp = new Date(startedAt ?? submittedAt).toISOString();
  return [{ message: "Drawing the picture", level: "INFO", source: "USER", timestamp }];
}

function inferenceSeconds({ startedAt, finishedAt }: Submission): number {
  return startedAt === null || finishedAt === null ? 0 : (finishedAt - startedAt) / 1000;
}
