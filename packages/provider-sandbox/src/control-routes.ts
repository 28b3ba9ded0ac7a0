import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { faultCatalogue } from "./faults/catalogue.ts";
import { faultRuleSchema } from "./faults/fault-rule.ts";
import type { SandboxContext, SandboxSettings } from "./sandbox-context.ts";
import type { Submission } from "./submission.ts";
import type { SubmitRequest } from "./submit-log.ts";

const defaultLedgerRows = 10_000;

const settingsSchema = z.strictObject({
  latencyMs: z.int().min(0).max(3_600_000).optional(),
  concurrency: z.strictObject({ fal: z.int().min(0).optional(), replicate: z.int().min(0).optional() }).optional(),
  seed: z.int().optional(),
  maxImageEdgePx: z.int().min(1).max(4096).optional(),
  retentionMs: z.int().min(0).optional(),
  replicateCreatesPerMinute: z.int().min(0).optional(),
});

/** A list of rules takes the place of the one in force, and its counts start at zero. */
const controlSchema = settingsSchema.extend({ rules: z.array(faultRuleSchema).max(100).optional() });

type LedgerRequest = FastifyRequest<{ Querystring: { limit?: string } }>;

/** The sandbox's own side: dials, ledger and health. None of it needs a key. */
export function registerControl(app: FastifyInstance, context: SandboxContext): void {
  const initial = structuredClone(context.settings);
  app.get("/healthz", () => ({ status: "ok" }));
  app.get("/__control", () => describeControl(context));
  app.post("/__control", (request, reply) => handleControl(context, request, reply));
  app.delete("/__control", () => {
    context.faults.set([]);
    applySettings(context, initial);
    return describeControl(context);
  });
  app.get("/__ledger", (request: LedgerRequest) => describeLedger(context, request.query.limit));
  app.delete("/__ledger", () => {
    for (const queue of Object.values(context.queues)) queue.clear();
    context.ledger.reset();
    context.submitLog.reset();
    return describeLedger(context, "0");
  });
}

function handleControl(context: SandboxContext, request: FastifyRequest, reply: FastifyReply): object {
  const parsed = controlSchema.safeParse(request.body ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    return reply.code(400).send({ error: z.prettifyError(parsed.error), problems });
  }
  const { rules, ...settings } = parsed.data;
  if (rules) context.faults.set(rules);
  applySettings(context, settings);
  return describeControl(context);
}

function applySettings({ settings, queues }: SandboxContext, changes: z.infer<typeof settingsSchema>): void {
  const { concurrency, ...others } = changes;
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  Object.assign(settings, Object.fromEntries(given));
  settings.concurrency.fal = concurrency?.fal ?? settings.concurrency.fal;
  settings.concurrency.replicate = concurrency?.replicate ?? settings.concurrency.replicate;
  for (const queue of Object.values(queues)) queue.startWaiting();
}

function describeControl({ settings, faults, queues }: SandboxContext): object {
  return {
    settings: settings satisfies SandboxSettings,
    rules: faults.list(),
    queues: { fal: queues.fal.counts(), replicate: queues.replicate.counts() },
    faults: faultCatalogue,
  };
}

function describeLedger({ ledger, submitLog }: SandboxContext, limit?: string): object {
  const maxRows = limit === undefined || Number.isNaN(Number(limit)) ? defaultLedgerRows : Math.max(0, Number(limit));
  const submissions: object[] = [];
  for (const submission of ledger.newestFirst()) {
    if (submissions.length >= maxRows) break;
    submissions.push(describeSubmission(submission));
  }
  const requests = submitLog.newest(maxRows).map(describeRequest);
  return { totals: ledger.totals(), submissions: submissions.reverse(), requests };
}

function describeRequest({ provider, arrivedAt, answeredAt, status }: SubmitRequest): object {
  return { provider, arrivedAt: describeTime(arrivedAt), answeredAt: describeTime(answeredAt), status };
}

const describeTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function describeSubmission(submission: Submission): object {
  const { id, provider, model, version, webhook, state, ending, cancelled, responseDelivered } = submission;
  return {
    id,
    provider,
    model,
    ...(version !== null && { version }),
    input: JSON.parse(submission.inputJson),
    ...(webhook !== null && { webhook }),
    submittedAt: describeTime(submission.submittedAt),
    finishedAt: describeTime(submission.finishedAt),
    status: ending?.kind ?? state,
    images: ending?.images ?? 0,
    billed: ending?.billed ?? false,
    cancelled,
    responseDelivered,
  };
}
