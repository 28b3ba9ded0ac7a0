/** The one command-like message: do this generation. */
import { z } from "zod";
import { defineMessage } from "../define-message.ts";
import { identifier, maximumAttempts, maximumOutputsPerCall, subjectToken } from "../identifiers.ts";
import { seed } from "../seeds.ts";
import { instant, parameters, providerName } from "../vocabulary.ts";

export const workRequested = defineMessage({
  name: "work.requested",
  version: 1,
  summary: "Run one generation: one provider call asking `batchSize` outputs.",
  schema: z.object({
    itemId: identifier,
    orderId: identifier,
    tenantId: subjectToken,
    index: z.int().min(0),
    attempt: z.int().min(1).max(maximumAttempts),
    firstAttempt: z
      .int()
      .min(1)
      .max(maximumAttempts)
      .optional()
      .describe("The attempt a customer asked for, from which this one followed by itself. Absent: `attempt` itself."),
    epoch: z.int().min(0).describe("Raised by each re-dispatch: an old id would be swallowed as a duplicate."),
    batchSize: z.int().min(1).max(maximumOutputsPerCall),
    provider: providerName,
    model: z.string().min(1),
    modelVersion: z.string().min(1).optional(),
    prompt: z.string(),
    parameters,
    seed,
    deadline: instant.optional(),
  }),
  subjectPattern: "work.{provider}.{orderId}.{index}",
  subject: ({ provider, orderId, index }) => `work.${provider}.${orderId}.${index}`,
  id: ({ itemId, attempt, epoch }) => `${itemId}:${attempt}:${epoch}`,
});
