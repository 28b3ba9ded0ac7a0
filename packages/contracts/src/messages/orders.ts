/** What happened to an order, and what was asked for it. Subjects: `order.<verb>.<orderId>`. */
import { z } from "zod";
import { defineMessage } from "../define-message.ts";
import { orderSnapshot } from "../http/order.ts";
import { identifier, maximumAttempts, maximumOutputsPerCall, subjectToken } from "../identifiers.ts";
import { plan } from "../plan.ts";
import { orderStatus, progress } from "../rollup.ts";
import { seed } from "../seeds.ts";
import { instant, parameters, priority, providerName, shortfall } from "../vocabulary.ts";

const attemptNumber = z.int().min(1).max(maximumAttempts);

/** Raised when the same request is published again: an old id would be swallowed as a duplicate. 0 when absent. */
const epoch = z.int().min(0).optional();
const withEpoch = (id: string, value: number | undefined) => (value === undefined ? id : `${id}:${value}`);

export const orderCreated = defineMessage({
  name: "order.created",
  version: 1,
  summary: "An order was accepted and is durable in Postgres.",
  schema: z.object({
    orderId: identifier,
    tenantId: subjectToken,
    provider: providerName,
    model: z.string().min(1),
    modelVersion: z.string().min(1).optional(),
    prompt: z.string(),
    parameters,
    plan,
    priority,
    seed,
    shortfall,
    startAt: instant.optional(),
    expiresAt: instant.optional(),
  }),
  subjectPattern: "order.created.{orderId}",
  subject: ({ orderId }) => `order.created.${orderId}`,
  id: ({ orderId }) => `${orderId}:created`,
});

export const orderCancelRequested = defineMessage({
  name: "order.cancel_requested",
  version: 1,
  summary: "A customer asked to stop what can be stopped.",
  schema: z.object({
    orderId: identifier,
    attempt: attemptNumber.optional().describe("Attempts up to this one are stopped; all of them when absent."),
    reason: z.enum(["customer", "deadline"]).optional().describe("`customer` when absent."),
    epoch,
  }),
  subjectPattern: "order.cancel_requested.{orderId}",
  subject: ({ orderId }) => `order.cancel_requested.${orderId}`,
  id: ({ orderId, attempt, reason = "customer", epoch }) =>
    withEpoch(`${orderId}:cancel_requested${attempt === undefined ? "" : `:${attempt}:${reason}`}`, epoch),
});

export const orderRetryRequested = defineMessage({
  name: "order.retry_requested",
  version: 1,
  summary: "A customer asked to run these items again, as the given attempt.",
  schema: z.object({
    orderId: identifier,
    attempt: z.int().min(2).max(maximumAttempts),
    indexes: z.array(z.int().min(0)).min(1),
    epoch,
  }),
  subjectPattern: "order.retry_requested.{orderId}",
  subject: ({ orderId }) => `order.retry_requested.${orderId}`,
  id: ({ orderId, attempt, epoch }) => withEpoch(`${orderId}:retry_requested:${attempt}`, epoch),
});

export const orderTopUpRequested = defineMessage({
  name: "order.top_up_requested",
  version: 1,
  summary: "The order came out short and got extra items, which are to be dispatched.",
  schema: z.object({
    orderId: identifier,
    items: z.array(z.object({ index: z.int().min(0), batchSize: z.int().min(1).max(maximumOutputsPerCall) })).min(1),
    epoch,
  }),
  subjectPattern: "order.top_up_requested.{orderId}",
  subject: ({ orderId }) => `order.top_up_requested.${orderId}`,
  id: ({ orderId, items, epoch }) => withEpoch(`${orderId}:top_up_requested:${items[0]?.index ?? 0}`, epoch),
});

export const orderRecountRequested = defineMessage({
  name: "order.recount_requested",
  version: 1,
  summary: "The order's counters do not agree with its items and are to be computed again.",
  schema: z.object({ orderId: identifier, epoch }),
  subjectPattern: "order.recount_requested.{orderId}",
  subject: ({ orderId }) => `order.recount_requested.${orderId}`,
  id: ({ orderId, epoch }) => withEpoch(`${orderId}:recount_requested`, epoch),
});

export const orderUpdated = defineMessage({
  name: "order.updated",
  version: 1,
  summary: "The rollup changed. Carries the whole state, so a reader may drop all but the highest version.",
  schema: z.object({
    orderId: identifier,
    tenantId: subjectToken,
    version: z.int().min(0),
    status: orderStatus,
    partial: z.boolean(),
    progress,
  }),
  subjectPattern: "order.updated.{orderId}",
  subject: ({ orderId }) => `order.updated.${orderId}`,
  id: ({ orderId, version }) => `${orderId}:updated:${version}`,
});

export const orderDeleted = defineMessage({
  name: "order.deleted",
  version: 1,
  summary: "A customer deleted the order, which had ended. It is not to be found any more.",
  schema: z.object({ orderId: identifier, tenantId: subjectToken }),
  subjectPattern: "order.deleted.{orderId}",
  subject: ({ orderId }) => `order.deleted.${orderId}`,
  id: ({ orderId }) => `${orderId}:deleted`,
});

const terminalOrder = <Verb extends "completed" | "failed" | "cancelled">(verb: Verb, summary: string) =>
  defineMessage({
    name: `order.${verb}` as const,
    version: 1,
    summary,
    schema: z.object({ orderId: identifier, tenantId: subjectToken, order: orderSnapshot }),
    subjectPattern: `order.${verb}.{orderId}`,
    subject: ({ orderId }) => `order.${verb}.${orderId}`,
    id: (payload) => `${payload.orderId}:${verb}:${payload.order.version}`,
  });

export const orderCompleted = terminalOrder("completed", "Every item ended and at least one completed.");
export const orderFailed = terminalOrder("failed", "Every item ended, none completed and at least one failed.");
export const orderCancelled = terminalOrder("cancelled", "Every item was cancelled.");
