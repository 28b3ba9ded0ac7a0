/**
 * The envelope: CloudEvents 1.0 in the NATS binding's binary mode. Attributes travel as `ce-*` headers, the body is the
 * payload as JSON, and `Nats-Msg-Id` repeats the id for the broker's duplicate window.
 */
import { z } from "zod";
import type { Message } from "./define-message.ts";

/** Largest body, in bytes. Larger content goes by reference. */
export const maximumBodyBytes = 64 * 1024;

export const headerNames = {
  id: "ce-id",
  type: "ce-type",
  source: "ce-source",
  time: "ce-time",
  specVersion: "ce-specversion",
  contentType: "content-type",
  messageId: "Nats-Msg-Id",
  traceParent: "traceparent",
  traceState: "tracestate",
} as const;

/** What a reader needs of the headers; anything else is ignored. */
export const envelope = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  source: z.string().min(1),
  time: z.string().min(1),
});
export type Envelope = z.infer<typeof envelope>;

/** Headers of a message about to leave. `source` names the sender (`/services/generator`), `time` is RFC 3339. */
export function envelopeHeaders(
  message: Pick<Message, "id" | "type">,
  { source, time }: { source: string; time: string },
): Record<string, string> {
  return {
    [headerNames.id]: message.id,
    [headerNames.type]: message.type,
    [headerNames.source]: source,
    [headerNames.time]: time,
    [headerNames.specVersion]: "1.0",
    [headerNames.contentType]: "application/json",
    [headerNames.messageId]: message.id,
  };
}

/**
 * Reads the envelope of a message that arrived.
 * @throws z.ZodError when a required attribute is missing.
 */
export function readEnvelope(header: (name: string) => string | undefined): Envelope {
  return envelope.parse({
    id: header(headerNames.id),
    type: header(headerNames.type),
    source: header(headerNames.source),
    time: header(headerNames.time),
  });
}

/** The trace of a W3C traceparent, `00-<trace>-<span>-<flags>`; null when there is none. */
export const traceIdOf = (traceParent: string | null | undefined): string | null =>
  /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceParent ?? "")?.[1] ?? null;
