/**
 * Whether a provider itself sent a callback: its signature over the very bytes of the body, and a time that is near. Neither
 * signature covers the address, whose nonce nobody else can know.
 */
import { createHash, createHmac, type KeyObject, timingSafeEqual, verify } from "node:crypto";
import type { SignedCallback } from "../ports.ts";

/** Older callbacks, and ones from the future, are taken to be replayed. */
const toleranceSeconds = 300;

/** Standard Webhooks, as Replicate signs: HMAC-SHA256 of `<id>.<time>.<body>`, several signatures while keys change. */
export function isSignedByReplicate({ headers, body, now }: SignedCallback, key: Uint8Array): boolean {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"];
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof signatures !== "string") return false;
  if (!isNear(timestamp, now)) return false;
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  let isSigned = false;
  for (const signature of signatures.split(" ")) {
    const [version, encoded = ""] = signature.split(",", 2);
    const given = Buffer.from(encoded, "base64");
    if (version === "v1" && given.length === expected.length && timingSafeEqual(given, expected)) isSigned = true;
  }
  return isSigned;
}

/** ED25519 over request id, user id, time and the body's hash, by one of the keys that fal publishes. */
export function isSignedByFal({ headers, body, now }: SignedCallback, keys: readonly KeyObject[]): boolean {
  const [requestId, userId, timestamp, signature] = ["request-id", "user-id", "timestamp", "signature"].map(
    (name) => headers[`x-fal-webhook-${name}`],
  );
  if (typeof timestamp !== "string" || typeof signature !== "string" || !isNear(timestamp, now)) return false;
  if (!/^[0-9a-f]{128}$/i.test(signature)) return false;
  const digest = createHash("sha256").update(body).digest("hex");
  const message = Buffer.from([requestId, userId, timestamp, digest].join("\n"));
  return keys.some((key) => verify(null, message, key, Buffer.from(signature, "hex")));
}

function isNear(timestamp: string, now: Date): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= toleranceSeconds;
}
