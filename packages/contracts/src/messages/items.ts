/** Facts about one attempt at one item, on their way to Postgres. Subjects: `item.<verb>.<orderId>.<index>`. */
import { z } from "zod";
import { defineMessage } from "../define-message.ts";
import { identifier, maximumAttempts, maximumOutputsPerCall, subjectToken } from "../identifiers.ts";
import { seed } from "../seeds.ts";
import { failure, instant } from "../vocabulary.ts";

const attemptFields = {
  itemId: identifier,
  orderId: identifier,
  index: z.int().min(0),
  attempt: z.int().min(1).max(maximumAttempts),
  workerId: subjectToken,
};

/** One stored output. `storageKey` is its place in the blob store; `sha256` is in lower-case hex. */
export const output = z
  .object({
    index: z
      .int()
      .min(0)
      .max(maximumOutputsPerCall - 1),
    storageKey: z.string().min(1),
    contentType: z.string().min(1),
    bytes: z.int().min(0),
    width: z.int().min(0),
    height: z.int().min(0),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    seed,
  })
  .meta({ id: "Output" });
export type Output = z.infer<typeof output>;

/** Milliseconds spent in each step of one generation. */
const timings = z.object({
  submitMs: z.number().min(0),
  waitMs: z.number().min(0),
  storeMs: z.number().min(0),
});

/** `not_started` and `aborted` cost nothing, `billed` was charged. */
export const cancelOutcome = z.enum(["not_started", "aborted", "billed"]).meta({ id: "CancelOutcome" });

/** How the unknown outcome of a submit was decided; absent when it was never unknown. */
export const recoveryKind = z.enum(["callback", "listing", "resubmitted"]);
const recovery = recoveryKind.optional();

/** Absent when unknown, and when it is what was produced. */
const charged = z
  .int()
  .min(0)
  .optional()
  .describe("Outputs that the provider charges for, where that is not what was produced.");

const subjectOf =
  (verb: string) =>
  ({ orderId, index }: { orderId: string; index: number }) =>
    `item.${verb}.${orderId}.${index}`;
const idOf =
  (verb: string) =>
  ({ itemId, attempt }: { itemId: string; attempt: number }) =>
    `${itemId}:${attempt}:${verb}`;

export const itemStarted = defineMessage({
  name: "item.started",
  version: 1,
  summary: "A worker has the item and the provider accepted it.",
  schema: z.object({ ...attemptFields, providerRequestId: z.string().min(1), startedAt: instant }),
  subjectPattern: "item.started.{orderId}.{index}",
  subject: subjectOf("started"),
  id: idOf("started"),
});

export const itemCompleted = defineMessage({
  name: "item.completed",
  version: 1,
  summary: "The item's outputs are stored; fewer than requested is a partial batch.",
  schema: z.object({
    ...attemptFields,
    providerRequestId: z.string().min(1).optional(),
    requested: z.int().min(1),
    produced: z.int().min(0),
    outputs: z.array(output).max(maximumOutputsPerCall),
    timings: timings.optional(),
    costMicroUsd: z
      .int()
      .min(0)
      .optional()
      .describe("Estimated from the catalogue's price, in millionths of a dollar."),
    startedAt: instant.optional(),
    finishedAt: instant,
    recovery,
    charged,
  }),
  subjectPattern: "item.completed.{orderId}.{index}",
  subject: subjectOf("completed"),
  id: idOf("completed"),
});

export const itemFailed = defineMessage({
  name: "item.failed",
  version: 1,
  summary: "The item will not be tried again by itself.",
  schema: z.object({
    ...attemptFields,
    providerRequestId: z.string().min(1).optional(),
    error: failure,
    finishedAt: instant,
    recovery,
    charged,
  }),
  subjectPattern: "item.failed.{orderId}.{index}",
  subject: subjectOf("failed"),
  id: idOf("failed"),
});

export const itemCancelled = defineMessage({
  name: "item.cancelled",
  version: 1,
  summary: "The item was stopped; `outcome` says whether it was billed.",
  schema: z.object({
    ...attemptFields,
    providerRequestId: z.string().min(1).optional(),
    outcome: cancelOutcome,
    finishedAt: instant,
    recovery,
  }),
  subjectPattern: "item.cancelled.{orderId}.{index}",
  subject: subjectOf("cancelled"),
  id: idOf("cancelled"),
});

/** Every item event that may travel alone or in a bundle. */
export const itemEventDefinitions = [itemStarted, itemCompleted, itemFailed, itemCancelled] as const;

export const itemBundle = defineMessage({
  name: "item.bundle",
  version: 1,
  summary: "Several item events that were ready in the same tick; each counts as if it came alone.",
  schema: z.object({
    workerId: subjectToken,
    bundleId: z.string().min(1).describe("Unique per bundle: the events inside carry the identities that matter."),
    events: z
      .array(
        z.object({
          id: z.string().min(1),
          type: z.string().min(1),
          traceparent: z.string().optional(),
          data: z.unknown().describe("The event's body, read by the schema of its type."),
        }),
      )
      .min(1),
  }),
  subjectPattern: "item.bundle.{workerId}",
  subject: ({ workerId }) => `item.bundle.${workerId}`,
  id: ({ bundleId }) => bundleId,
});
