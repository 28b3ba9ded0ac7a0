/**
 * A session: the API key, sealed with what follows from the hash that the installation knows the key by. Every replica
 * opens it by its own configuration. Without that configuration it gives no key away; without the key, none can be made,
 * also not by who has read the hashes; and with a key's hash, its sessions are gone.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/** How long a key need not be entered again. */
export const sessionSeconds = 7 * 24 * 60 * 60;

const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
const tokenForm = /^(\d{1,12})\.([A-Za-z0-9_-]+)$/;

/** What seals the sessions of the key with this SHA-256. */
export const sealOfHash = (hash: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", hash, "", "tirage session", 32));

/** `<expiry in seconds>.<nonce, tag and sealed key>`. */
export function sealSession(key: string, nowMs: number): string {
  const expiry = String(Math.floor(nowMs / 1_000) + sessionSeconds);
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, sealOfHash(createHash("sha256").update(key).digest()), nonce);
  sealing.setAAD(Buffer.from(expiry));
  const sealed = Buffer.concat([sealing.update(key, "utf8"), sealing.final()]);
  return `${expiry}.${Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString("base64url")}`;
}

/** The key; undefined when the session has expired, or none of the seals made it. */
export function openSession(token: string, seals: readonly Uint8Array[], nowMs: number): string | undefined {
  const [, expiry = "", text = ""] = tokenForm.exec(token) ?? [];
  const bytes = Buffer.from(text, "base64url");
  if (Number(expiry) * 1_000 <= nowMs || bytes.length <= nonceBytes + tagBytes) return undefined;
  for (const seal of seals) {
    const key = openWith(seal, expiry, bytes);
    if (key !== undefined) return key;
  }
  return undefined;
}

function openWith(seal: Uint8Array, expiry: string, bytes: Buffer): string | undefined {
  const opening = createDecipheriv(cipher, seal, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  opening.setAAD(Buffer.from(expiry));
  opening.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return opening.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8") + opening.final("utf8");
  } catch {
    return undefined;
  }
}
