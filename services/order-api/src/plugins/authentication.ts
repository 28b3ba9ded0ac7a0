import { createHash, timingSafeEqual } from "node:crypto";
import { localTenantId } from "@tirage/contracts";
import type { FastifyRequest } from "fastify";
import type { App } from "../dependencies.ts";
import type { ApiKey } from "../domain/api-keys.ts";
import { keyOfRequest } from "../domain/request-key.ts";
import { ProblemError } from "../errors.ts";

/** Every request in this scope acts for a tenant from here on; without keys for the local one. */
export function authenticate(app: App, apiKeys: readonly ApiKey[] | undefined): void {
  app.decorateRequest("tenantId", localTenantId);
  if (!apiKeys) return;
  const known = apiKeys.map(({ tenantId, sha256 }) => ({ tenantId, hash: Buffer.from(sha256, "hex") }));
  app.addHook("onRequest", async (request) => {
    const key = keyOfRequest(request.headers, request.method);
    const tenantId = key === undefined ? undefined : tenantOfKey(key, known);
    if (tenantId === undefined) {
      const detail =
        key === undefined ? "send your API key as: Authorization: Bearer <key>" : "the API key is not known";
      throw new ProblemError("authentication", detail, {
        headers: { "www-authenticate": 'Bearer realm="tirage"' },
      });
    }
    request.setDecorator("tenantId", tenantId);
  });
}

/** For whom the request acts. */
export const tenantOf = (request: FastifyRequest): string => request.getDecorator<string>("tenantId");

/** Compares with every key, however early one matches, so that time tells nothing. */
function tenantOfKey(
  key: string,
  known: readonly { readonly tenantId: string; readonly hash: Buffer }[],
): string | undefined {
  const hash = createHash("sha256").update(key).digest();
  let tenantId: string | undefined;
  for (const candidate of known) if (timingSafeEqual(candidate.hash, hash)) tenantId = candidate.tenantId;
  return tenantId;
}
