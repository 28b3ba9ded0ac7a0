import { subjectToken } from "@tirage/contracts";

/** A key that is accepted, by its hash: the key itself is never configured or kept. */
export interface ApiKey {
  readonly tenantId: string;
  /** SHA-256 of the key: 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Reads `<tenant>:<sha256>,…`, undefined when it is not that; a tenant may have several keys. */
export function readApiKeys(text: string): ApiKey[] | undefined {
  const keys: ApiKey[] = [];
  for (const entry of text.split(",")) {
    const [tenantId = "", sha256 = "", ...rest] = entry.trim().split(":");
    const isReadable = subjectToken.safeParse(tenantId).success && /^[0-9a-f]{64}$/i.test(sha256) && rest.length === 0;
    if (!isReadable) return undefined;
    keys.push({ tenantId, sha256: sha256.toLowerCase() });
  }
  return keys;
}
