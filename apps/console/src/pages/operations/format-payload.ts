import type { DeadLetter } from "@tirage/client";

/** The body of a message for a person to read: JSON with line breaks, anything else as it is. */
export function formatPayload({ body, bodyEncoding }: Pick<DeadLetter, "body" | "bodyEncoding">): {
  readonly text: string;
  readonly kind: string;
} {
  if (bodyEncoding === "base64") return { text: body, kind: "not text, in base64" };
  try {
    return { text: JSON.stringify(JSON.parse(body), null, 2), kind: "JSON" };
  } catch {
    return { text: body, kind: "text that is no JSON" };
  }
}
