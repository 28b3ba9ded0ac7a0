const secretPrefix = "whsec_";
const shortestKeyBytes = 16;

/** The key of a Standard Webhooks secret, `whsec_` and base64; undefined when it is none. */
export function readWebhookSecret(secret: string): Uint8Array | undefined {
  if (!secret.startsWith(secretPrefix)) return undefined;
  const key = Buffer.from(secret.slice(secretPrefix.length), "base64");
  return key.length >= shortestKeyBytes ? key : undefined;
}
