const timeoutMs = 5_000;

/** What the sandbox signs Replicate's callbacks with, asked as Replicate is. */
export async function readReplicateSecret(sandboxUrl: string): Promise<string> {
  const response = await fetch(`${sandboxUrl}/v1/webhooks/default/secret`, {
    headers: { authorization: "Bearer sandbox" },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const { key } = (await response.json()) as { key?: unknown };
  if (typeof key !== "string") throw new Error(`the sandbox at ${sandboxUrl} names no webhook secret`);
  return key;
}
