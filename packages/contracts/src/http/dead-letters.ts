/** What operators read of messages that could not be handled. */
import { z } from "zod";
import { instant } from "../vocabulary.ts";

export const deadLetterView = z
  .object({
    id: z.string().describe("Its sequence in the stream DEAD."),
    code: z.string().describe("Stable and short, such as malformed, crash_loop or max_deliveries."),
    reason: z.string(),
    stream: z.string(),
    subject: z.string().describe("Of the original message; of the advisory when the code is max_deliveries."),
    durable: z.string().describe("The consumer that could not handle it."),
    deliveryCount: z.int().min(0),
    deadAt: instant,
    orderId: z.string().nullable(),
    index: z.int().min(0).nullable(),
    traceId: z.string().nullable().describe("The trace of the original message; null when it had none."),
    body: z.string(),
    bodyEncoding: z.enum(["utf8", "base64"]),
    headers: z.record(z.string(), z.string()),
  })
  .meta({ id: "DeadLetter" });
export type DeadLetterView = z.infer<typeof deadLetterView>;

export const deadLetterPage = z
  .object({ data: z.array(deadLetterView), nextCursor: z.string().nullable() })
  .meta({ id: "DeadLetterPage" });

export const deadLetterReplay = z
  .object({
    id: z.string(),
    action: z
      .enum(["republished", "retried"])
      .describe("`retried`: its item had ended, so a new attempt was asked for."),
  })
  .meta({ id: "DeadLetterReplay" });
export type DeadLetterReplay = z.infer<typeof deadLetterReplay>;

export const deadLetterCorrection = z
  .strictObject({
    payload: z
      .record(z.string(), z.json())
      .describe("Replaces the body: the whole payload, as the message's schema wants it. What it concerns stays."),
  })
  .meta({ id: "DeadLetterCorrection" });
export type DeadLetterCorrection = z.infer<typeof deadLetterCorrection>;

export const deadLetterCounts = z
  .object({
    replayed: z.int().min(0),
    discarded: z.int().min(0),
    refused: z.int().min(0).describe("Left as they are: they cannot be replayed."),
  })
  .meta({ id: "DeadLetterCounts" });
