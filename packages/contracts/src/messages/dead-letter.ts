/** What could not be handled, why, and where, kept with its payload so that a person can decide. */
import { z } from "zod";
import { defineMessage } from "../define-message.ts";

export const deadLetter = defineMessage({
  name: "dead.letter",
  version: 1,
  summary: "A message that could not be handled, with the reason and the original body.",
  schema: z.object({
    originalSubject: z.string().min(1),
    stream: z.string().min(1),
    streamSequence: z.int().min(0),
    durable: z.string().min(1),
    deliveryCount: z.int().min(1),
    code: z.string().min(1),
    reason: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().describe("The original body, as UTF-8 text when it is that, else in base64."),
    bodyEncoding: z.enum(["utf8", "base64"]),
    eventId: z
      .string()
      .min(1)
      .optional()
      .describe("Of the one event of a bundle that is at fault: subject, headers and body are then its own."),
  }),
  subjectPattern: "dead.{originalSubject}",
  subject: ({ originalSubject }) => `dead.${originalSubject}`,
  id: ({ stream, streamSequence, durable, eventId }) =>
    `dead:${stream}:${streamSequence}:${durable}${eventId === undefined ? "" : `:${eventId}`}`,
});
