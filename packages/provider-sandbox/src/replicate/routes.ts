import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerJson, type HttpAnswer, sendAnswer, signalOfClient } from "../http-answer.ts";
import { markDelivered } from "../mark-delivered.ts";
import type { SandboxContext } from "../sandbox-context.ts";
import type { Submission } from "../submission.ts";
import { createPrediction } from "./create.ts";
import type { DataRetention } from "./data-retention.ts";
import { answerThrottled, notFound, unauthenticated } from "./errors.ts";
import { spoilAcceptance, spoilRead } from "./fault-answers.ts";
import { listPredictions } from "./list.ts";
import { hasSingleOutput, isOfficial, latestVersionOf } from "./models.ts";
import { describePrediction } from "./prediction.ts";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";
import type { ReplicateWebhooks } from "./webhook.ts";

const maxWaitSeconds = 60;

interface ReplicateContext extends SandboxContext {
  readonly retention: DataRetention;
  readonly createLimit: RateLimit;
}

type IdRequest = FastifyRequest<{ Params: { id: string } }>;
type ModelRequest = FastifyRequest<{ Params: { owner: string; name: string } }>;
type ListRequest = FastifyRequest<{
  Querystring: { cursor?: string; created_after?: string; created_before?: string };
}>;

/** Replicate's HTTP API below `/v1`. */
export function registerReplicate(
  app: FastifyInstance,
  context: SandboxContext & { retention: DataRetention },
  webhooks: ReplicateWebhooks,
): void {
  const replicate = {
    ...context,
    createLimit: createRateLimit(() => context.settings.replicateCreatesPerMinute),
  };
  app.register(
    async (api) => {
      api.addHook("onRequest", async (request, reply) => {
        if (!/^(Bearer|Token) \S/i.test(request.headers.authorization ?? "")) {
          return sendAnswer(request, reply, unauthenticated);
        }
      });
      api.post("/predictions", (request, reply) => handleCreate(replicate, request, reply, null));
      api.post("/models/:owner/:name/predictions", (request: ModelRequest, reply) =>
        handleCreate(replicate, request, reply, `${request.params.owner}/${request.params.name}`),
      );
      api.get("/predictions", (request: ListRequest, reply) => handleList(replicate, request, reply));
      api.get("/predictions/:id", (request: IdRequest, reply) => handleGet(replicate, request, reply));
      api.post("/predictions/:id/cancel", (request: IdRequest, reply) => handleCancel(replicate, request, reply));
      api.get("/models/:owner/:name", (request: ModelRequest) => describeModel(request.params));
      api.get("/models/:owner/:name/versions", (request: ModelRequest, reply) => handleVersions(request, reply));
      api.get("/webhooks/default/secret", () => ({ key: webhooks.secret }));
    },
    { prefix: "/v1" },
  );
}

async function handleCreate(
  context: ReplicateContext,
  request: FastifyRequest,
  reply: FastifyReply,
  officialModel: string | null,
): Promise<FastifyReply> {
  context.submitLog.follow("replicate", reply);
  const { allowed, remaining, resetSeconds } = context.createLimit.take(Date.now());
  if (!allowed) return sendAnswer(request, reply, answerThrottled(resetSeconds));
  reply.headers({ "ratelimit-remaining": String(remaining), "ratelimit-reset": String(resetSeconds) });
  const submission = createPrediction(context, request, officialModel);
  if (!("id" in submission)) return sendAnswer(request, reply, submission);

  markDelivered(reply, submission);
  const waitMs = readWaitMs(request);
  const finished =
    waitMs > 0 && (await context.queues.replicate.whenFinished(submission, waitMs, signalOfClient(reply)));
  const status = waitMs > 0 && !finished ? 202 : 201;
  const intended = answerJson(status, view(context, request, submission));
  const { model } = submission;
  const spoiler = context.faults.strike({ stage: "acceptance", provider: "replicate", model });
  return sendAnswer(request, reply, spoiler ? spoilAcceptance(spoiler, intended) : intended);
}

function handleGet(context: ReplicateContext, request: IdRequest, reply: FastifyReply): FastifyReply {
  const submission = context.ledger.find("replicate", request.params.id);
  if (!submission) return sendAnswer(request, reply, notFound);
  const occasion = { provider: "replicate", model: submission.model } as const;
  const read = context.faults.strike({ stage: "read", ...occasion });
  // Only a finished prediction can be spoilt, so that a rule's strikes are not spent on early reads.
  const spoiler = read ?? (submission.ending ? context.faults.strike({ stage: "result", ...occasion }) : undefined);
  if (spoiler?.fault === "data_removed") context.retention.remove(submission);
  const intended = answerJson(200, view(context, request, submission));
  const isSpoilt = spoiler !== undefined && spoiler.fault !== "data_removed";
  return sendAnswer(request, reply, isSpoilt ? spoilRead(spoiler, intended) : intended);
}

function handleList(context: ReplicateContext, request: ListRequest, reply: FastifyReply): FastifyReply {
  const { cursor, created_after, created_before } = request.query;
  const page = listPredictions(context, {
    cursor,
    createdAfter: readTime(created_after),
    createdBefore: readTime(created_before),
  });
  const next = page.nextCursor && `${originOf(request)}/v1/predictions?cursor=${page.nextCursor}`;
  const results = page.predictions.map((submission) => view(context, request, submission));
  const intended = answerJson(200, { previous: null, next, results });
  const spoiler = context.faults.strike({ stage: "read", provider: "replicate", model: "" });
  return sendAnswer(request, reply, spoiler ? spoilRead(spoiler, intended) : intended);
}

function handleCancel(context: ReplicateContext, request: IdRequest, reply: FastifyReply): FastifyReply {
  const submission = context.ledger.find("replicate", request.params.id);
  if (!submission) return sendAnswer(request, reply, notFound);
  context.queues.replicate.cancel(submission);
  return sendAnswer(request, reply, answerJson(200, view(context, request, submission)));
}

function handleVersions({ params }: ModelRequest, reply: FastifyReply): object {
  const name = `${params.owner}/${params.name}`;
  // An official model's versions are not shown.
  if (isOfficial(name)) return reply.code(404).send((notFound as Extract<HttpAnswer, { kind: "answer" }>).body);
  return { previous: null, next: null, results: [describeVersion(name)] };
}

function describeModel({ owner, name }: ModelRequest["params"]): object {
  const model = `${owner}/${name}`;
  return {
    url: `https://replicate.com/${model}`,
    owner,
    name,
    description: `The sandbox's stand-in for ${model}`,
    visibility: "public",
    is_official: isOfficial(model),
    run_count: 0,
    latest_version: describeVersion(model),
  };
}

function describeVersion(model: string): object {
  const output = hasSingleOutput(model) ? { type: "string" } : { type: "array", items: { type: "string" } };
  return {
    id: latestVersionOf(model),
    created_at: "2024-01-01T00:00:00.000Z",
    cog_version: "0.9.0",
    openapi_schema: { components: { schemas: { Output: output } } },
  };
}

function view(context: ReplicateContext, request: FastifyRequest, submission: Submission): object {
  return describePrediction(submission, {
    baseUrl: originOf(request),
    dataRemoved: context.retention.isRemoved(submission),
  });
}

function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

/** `Prefer: wait` or `wait=n`, 1 to 60 seconds; 0 without. */
function readWaitMs({ headers }: FastifyRequest): number {
  const match = /(?:^|[\s,;])wait(?:=(\d+))?/.exec(String(headers.prefer ?? ""));
  if (!match) return 0;
  const seconds = Number(match[1] ?? maxWaitSeconds);
  return Math.min(maxWaitSeconds, Math.max(1, seconds)) * 1000;
}

/** Milliseconds since the epoch of an ISO 8601 time; undefined when there is none. */
function readTime(value: string | undefined): number | undefined {
  const time = Date.parse(value ?? "");
  return Number.isNaN(time) ? undefined : time;
}
