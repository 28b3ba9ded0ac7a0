import { createHash, timingSafeEqual } from "node:crypto";
import { localTenantId } from "@tirage/contracts";
import type { FastifyRequest } from "fastify";
import type { App } from "../dependencies.ts";
import type { ApiKey } from "../domain/api-keys.ts";
import { ProblemError } from "../errors.ts";

/** Every request in this scope acts for a tenant from here on; without keys for the local one. */
export function authenticate(app: App, apiKeys: readonly ApiKey[] | undefined): void {
  app.decorateRequest("tenantId", localTenantId);
  if (!apiKeys) return;
  const known = apiKeys.map(({ tenantId, sha256 }) => ({ tenantId, hash: Buffer.from(sha256, "hex") }));
  app.addHook("onRequest", async (request) => {
    const tenantId = tenantOfKey(request.headers.authorization, known);
    if (tenantId === undefined) {
      const isSent = /^bearer +\S/i.test(request.headers.authorization ?? "");
      const detail = isSent ? "the API key is not known" : "send your API key as: Authorization: Bearer <key>";
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
  authorization: string | undefined,
  known: readonly { readonly tenantId: string; readonly hash: Buffer }[],
): string | undefined {
  const key = /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  if (key === undefined) return undefined;
  const hash = createHash("sha256").update(key).digest();
  let tenantId: string | undefined;
  for (const candidate of known) if (timingSafeEqual(candidate.hash, hash)) tenantId = candidate.tenantId;
  return tenantId;
}
