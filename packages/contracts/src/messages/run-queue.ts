/**
 * The run queue's two records. Both streams keep one message per subject, so publishing replaces: an entry is an
 * order's place in the queue, a turn says that a tenant has entries and whose turn it is.
 */
import { z } from "zod";
import { defineMessage } from "../define-message.ts";
import { maximumAttempts, maximumOutputsPerCall, subjectToken } from "../identifiers.ts";
import { priority, providerName } from "../vocabulary.ts";
import { orderCreated } from "./orders.ts";

/** Items `from` to `to`, both included, at this attempt. */
const itemRange = z.object({
  from: z.int().min(0),
  to: z.int().min(0),
  attempt: z.int().min(1).max(maximumAttempts),
  firstAttempt: z
    .int()
    .min(1)
    .max(maximumAttempts)
    .optional()
    .describe("The attempt a customer asked for, where this one followed by itself."),
  batchSize: z
    .int()
    .min(1)
    .max(maximumOutputsPerCall)
    .optional()
    .describe("Outputs asked of each; the plan's when absent."),
});
export type ItemRange = z.infer<typeof itemRange>;

export const dispatchEntry = defineMessage({
  name: "dispatch.entry",
  version: 1,
  summary: "An order's place in its provider's run queue: generations from `next` on are not yet on the work queue.",
  schema: z.object({
    order: orderCreated.schema as z.ZodType<z.infer<typeof orderCreated.schema>>,
    next: z.int().min(0),
    attempt: z.int().min(1).max(maximumAttempts),
    epoch: z.int().min(0),
    ranges: z
      .array(itemRange)
      .min(1)
      .max(2_000)
      .optional()
      .describe("Only these items, `next` counting within them; `attempt` and the plan's sizes give way to theirs."),
  }),
  subjectPattern: "dispatch.{provider}.{lane}.{tenantId}.{orderId}",
  subject: ({ order }) => `dispatch.${order.provider}.${order.priority}.${order.tenantId}.${order.orderId}`,
  id: ({ order, attempt, epoch, next }) => `${order.orderId}:${attempt}:${epoch}:entry:${next}`,
});

export const turn = defineMessage({
  name: "turn",
  version: 1,
  summary: "A tenant has entries in this lane of this provider; who holds the turn dispatches the next of them.",
  schema: z.object({
    provider: providerName,
    lane: priority,
    tenantId: subjectToken,
    turnId: z.string().min(1).describe("Fresh for each publish: a turn must never be swallowed as a duplicate."),
  }),
  subjectPattern: "turn.{provider}.{lane}.{tenantId}",
  subject: ({ provider, lane, tenantId }) => `turn.${provider}.${lane}.${tenantId}`,
  id: ({ provider, lane, tenantId, turnId }) => `${provider}:${lane}:${tenantId}:${turnId}`,
});
