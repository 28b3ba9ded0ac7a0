/** What happened to an order, and what was asked for it. Subjects: `order.<verb>.<orderId>`. */
import { z } from "zod";
import { defineMessage } from "../define-message.ts";
import { order } from "../http/order.ts";
import { identifier, maximumAttempts, subjectToken } from "../identifiers.ts";
import { plan } from "../plan.ts";
import { orderStatus, progress } from "../rollup.ts";
import { seed } from "../seeds.ts";
import { instant, parameters, priority, providerName, shortfall } from "../vocabulary.ts";

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
  schema: z.object({ orderId: identifier }),
  subjectPattern: "order.cancel_requested.{orderId}",
  subject: ({ orderId }) => `order.cancel_requested.${orderId}`,
  id: ({ orderId }) => `${orderId}:cancel_requested`,
});

export const orderRetryRequested = defineMessage({
  name: "order.retry_requested",
  version: 1,
  summary: "A customer asked to run these items again, as the given attempt.",
  schema: z.object({
    orderId: identifier,
    attempt: z.int().min(2).max(maximumAttempts),
    indexes: z.array(z.int().min(0)).min(1),
  }),
  subjectPattern: "order.retry_requested.{orderId}",
  subject: ({ orderId }) => `order.retry_requested.${orderId}`,
  id: ({ orderId, attempt }) => `${orderId}:retry_requested:${attempt}`,
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

const terminalOrder = <Verb extends "completed" | "failed" | "cancelled">(verb: Verb, summary: string) =>
  defineMessage({
    name: `order.${verb}` as const,
    version: 1,
    summary,
    schema: z.object({ orderId: identifier, tenantId: subjectToken, order }),
    subjectPattern: `order.${verb}.{orderId}`,
    subject: ({ orderId }) => `order.${verb}.${orderId}`,
    id: (payload) => `${payload.orderId}:${verb}:${payload.order.version}`,
  });

export const orderCompleted = terminalOrder("completed", "Every item ended and at least one completed.");
export const orderFailed = terminalOrder("failed", "Every item ended, none completed and at least one failed.");
export const orderCancelled = terminalOrder("cancelled", "Every item was cancelled.");
