import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { falHosts } from "../fal/addresses.ts";
import { readFalOrder } from "../fal/models.ts";
import type { FaultRule } from "../faults/fault-rule.ts";
import { type HttpAnswer, htmlPage, sendAnswer } from "../http-answer.ts";
import type { DataRetention } from "../replicate/data-retention.ts";
import { readReplicateOrder } from "../replicate/models.ts";
import { fileHost } from "../replicate/prediction.ts";
import type { SandboxContext } from "../sandbox-context.ts";
import { type Provider, readInput, type Submission } from "../submission.ts";
import { contentTypes, pictureAt } from "./picture.ts";

type FileRequest = FastifyRequest<{ Params: { id: string; file: string } }>;

interface FileContext extends SandboxContext {
  readonly retention: DataRetention;
  /** The files that are gone for good: by output index, the status they answer. */
  readonly missing: WeakMap<Submission, Map<number, number>>;
}

/** Output files, at the addresses results name. They need no key. */
export function registerFiles(app: FastifyInstance, context: SandboxContext & { retention: DataRetention }): void {
  const files = { ...context, missing: new WeakMap() };
  app.get(`/${falHosts.media}/files/sandbox/:id/:file`, (request: FileRequest, reply) =>
    handleDownload(files, "fal", request, reply),
  );
  app.get(`/${fileHost}/sandbox/:id/:file`, (request: FileRequest, reply) =>
    handleDownload(files, "replicate", request, reply),
  );
}

async function handleDownload(
  context: FileContext,
  provider: Provider,
  request: FileRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { id, file } = request.params;
  const index = Number(/^(?:out-)?(\d+)\.(?:png|jpg|jpeg|webp)$/.exec(file)?.[1] ?? -1);
  const submission = context.ledger.find(provider, id);
  const { ending } = submission ?? {};
  if (!submission || ending?.kind !== "succeeded" || !ending.produced.includes(index))
    return refuse(request, reply, 404);
  if (provider === "replicate" && context.retention.isRemoved(submission)) return refuse(request, reply, 404);

  const spoiler = context.faults.strike({ stage: "download", provider, model: submission.model });
  const missing = context.missing.get(submission) ?? new Map<number, number>();
  if (spoiler?.fault === "output_missing") context.missing.set(submission, missing.set(index, spoiler.status ?? 404));
  const missingStatus = missing.get(index);
  if (missingStatus !== undefined) return refuse(request, reply, missingStatus);

  const intended = await readPicture(context, submission, index, ending.flagged.includes(index));
  if (spoiler?.fault === "output_cut") return cutOff(reply, intended);
  return sendAnswer(request, reply, spoiler ? spoilDownload(spoiler, intended) : intended);
}

type FileAnswer = Extract<HttpAnswer, { kind: "answer" }> & { readonly body: Buffer };

async function readPicture(
  { settings, pictures }: FileContext,
  submission: Submission,
  index: number,
  black: boolean,
): Promise<FileAnswer> {
  const readOrder = submission.provider === "fal" ? readFalOrder : readReplicateOrder;
  const order = readOrder(submission.model, readInput(submission), submission.id);
  const body = await pictures.read(pictureAt(order, index, settings.maxImageEdgePx, black));
  return { kind: "answer", status: 200, headers: { "content-type": contentTypes[order.format] }, body };
}

function spoilDownload(rule: FaultRule, intended: FileAnswer): HttpAnswer {
  switch (rule.fault) {
    case "output_truncated":
      return { ...intended, body: intended.body.subarray(0, Math.floor(intended.body.length / 2)) };
    case "output_html":
      return htmlPage;
    default:
      return { kind: "answer", status: rule.status ?? 500, body: "Internal server error" };
  }
}

/** Promises the whole body in Content-Length, sends half of it and resets the connection. */
function cutOff(reply: FastifyReply, { status, headers, body }: FileAnswer): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(status, { ...headers, "content-length": body.length });
  reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => reply.raw.destroy());
  return reply;
}

function refuse(request: FileRequest, reply: FastifyReply, status: number): FastifyReply {
  return sendAnswer(request, reply, { kind: "answer", status, body: "Not Found" });
}
