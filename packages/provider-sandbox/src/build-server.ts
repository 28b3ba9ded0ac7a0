import Fastify, { type FastifyInstance } from "fastify";
import { registerControl } from "./control-routes.ts";
import { registerFal } from "./fal/routes.ts";
import { createFalWebhooks } from "./fal/webhook.ts";
import { createFaultDials } from "./faults/fault-dials.ts";
import type { FaultRule } from "./faults/fault-rule.ts";
import { createPictureCache } from "./images/picture-cache.ts";
import { registerFiles } from "./images/routes.ts";
import { createJobQueue } from "./job-queue.ts";
import { createLedger } from "./ledger.ts";
import { createDataRetention } from "./replicate/data-retention.ts";
import { registerReplicate } from "./replicate/routes.ts";
import { createReplicateWebhooks } from "./replicate/webhook.ts";
import type { SandboxSettings } from "./sandbox-context.ts";
import { createSubmitLog } from "./submit-log.ts";
import { createWebhookSender } from "./webhooks.ts";

const pictureCacheBytes = 8 * 1024 * 1024;
/** Room for a few reference images as data addresses. */
const bodyLimitBytes = 20 * 1024 * 1024;

export interface ServerOptions {
  readonly settings: SandboxSettings;
  /** Submissions the ledger keeps. */
  readonly ledgerRows: number;
  readonly rules: readonly FaultRule[];
}

/** Both providers, their files and the sandbox's own side on one HTTP server; closing it ends every job. */
export function buildServer({ settings, ledgerRows, rules }: ServerOptions): FastifyInstance {
  const sender = createWebhookSender();
  const falWebhooks = createFalWebhooks(sender);
  const replicateWebhooks = createReplicateWebhooks(sender, settings.seed);
  const ledger = createLedger({ maxRows: ledgerRows });
  const submitLog = createSubmitLog({ maxRows: ledgerRows });
  const faults = createFaultDials(() => settings.seed);
  faults.set(rules);
  const queues = {
    fal: createJobQueue({
      concurrency: () => settings.concurrency.fal,
      onStarted: () => {},
      onFinished: (submission, { announcements }, ending) => {
        ledger.settle(submission, ending, Date.now());
        for (let sent = 0; sent < announcements; sent += 1) falWebhooks.announce(submission, settings.maxImageEdgePx);
      },
      // On fal a cancellation is a signal; a job that heeds it is not charged.
      endCancelled: () => ({ kind: "cancelled", billed: false, images: 0 }),
    }),
    replicate: createJobQueue({
      concurrency: () => settings.concurrency.replicate,
      onStarted: (submission, { announcements }) => {
        if (announcements > 0) replicateWebhooks.announce(submission, "start");
      },
      onFinished: (submission, { announcements }, ending) => {
        ledger.settle(submission, ending, Date.now());
        if (announcements > 0 && ending.images > 0) replicateWebhooks.announce(submission, "output");
        for (let sent = 0; sent < announcements; sent += 1) replicateWebhooks.announce(submission, "completed");
      },
      // Replicate charges for the time a prediction ran before it was cancelled.
      endCancelled: (wasRunning) => ({ kind: "cancelled", billed: wasRunning, images: 0 }),
    }),
  };
  const retention = createDataRetention(() => settings.retentionMs);
  const pictures = createPictureCache(pictureCacheBytes);
  const context = { settings, ledger, submitLog, faults, queues, pictures, retention };

  const app = createApp();
  app.addHook("onClose", async () => {
    for (const queue of Object.values(queues)) queue.clear();
    await sender.stop();
  });
  registerControl(app, context);
  registerFiles(app, context);
  registerFal(app, context, falWebhooks);
  registerReplicate(app, context, replicateWebhooks);
  return app;
}

function createApp(): FastifyInstance {
  // A client that hangs on a dial must not keep the sandbox from closing.
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: bodyLimitBytes,
    routerOptions: { maxParamLength: 500 },
  });
  // Both clients announce JSON on requests without a body, so an empty one is no body; a broken one is no JSON object.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, readJson(body.toString())));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ detail: "Not Found" }));
  return app;
}

/** The parsed body; undefined when there is none, null when it is not JSON. */
function readJson(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
