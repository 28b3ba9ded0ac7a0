import { createHash, timingSafeEqual } from "node:crypto";
import { localTenantId } from "@tirage/contracts";
import type { FastifyRequest } from "fastify";
import type { App } from "../dependencies.ts";
import type { ApiKey } from "../domain/api-keys.ts";
import { type Credentials, credentialsOf, mayComeByCookie } from "../domain/credentials.ts";
import { ProblemError } from "../errors.ts";
import { openSession, sealOfHash } from "./session-token.ts";

/** A key that is accepted, as requests are compared with it. */
interface KnownKey {
  readonly tenantId: string;
  readonly hash: Buffer;
  /** Of its sessions. */
  readonly seal: Uint8Array;
}

/** Every request in this scope acts for a tenant from here on; without keys for the local one. */
export function authenticate(app: App, apiKeys: readonly ApiKey[] | undefined): void {
  actLocally(app);
  if (!apiKeys) return;
  const identify = createIdentification(apiKeys);
  app.addHook("onRequest", async (request) => {
    const credentials = credentialsOf(request.headers);
    if (credentials?.kind === "session") refuseOtherOrigins(request);
    request.setDecorator("tenantId", identify(credentials));
  });
}

/** Requests in this scope act for the local tenant, until they are known to act for another. */
export const actLocally = (app: App): void => void app.decorateRequest("tenantId", localTenantId);

/** For whom the request acts. */
export const tenantOf = (request: FastifyRequest): string => request.getDecorator<string>("tenantId");

/** Before the cookie is taken for anything. @throws ProblemError when a page of another origin would change something. */
export function refuseOtherOrigins({ method, headers }: FastifyRequest): void {
  if (mayComeByCookie(method, headers)) return;
  const detail =
    "with the console's cookie only its own pages change anything; send Authorization: Bearer <key> instead";
  throw new ProblemError("forbidden", detail);
}

/** Finds the tenant of a request's credentials. What it answers throws the problem of a key that is missing or unknown. */
export function createIdentification(apiKeys: readonly ApiKey[]): (credentials: Credentials | undefined) => string {
  const known = apiKeys.map(({ tenantId, sha256 }): KnownKey => {
    const hash = Buffer.from(sha256, "hex");
    return { tenantId, hash, seal: sealOfHash(hash) };
  });
  const seals = known.map(({ seal }) => seal);
  return (credentials) => {
    if (!credentials) throw missingKey();
    const isKey = credentials.kind === "key";
    const key = isKey ? credentials.key : openSession(credentials.token, seals, Date.now());
    const tenantId = key === undefined ? undefined : tenantOfKey(key, known);
    if (tenantId === undefined) throw unknownSender(isKey ? "the API key is not known" : "the session is over");
    return tenantId;
  };
}

const unknownSender = (detail: string): ProblemError =>
  new ProblemError("authentication", detail, { headers: { "www-authenticate": 'Bearer realm="tirage"' } });

/** What to answer who sends no key. */
export const missingKey = (): ProblemError => unknownSender("send your API key as: Authorization: Bearer <key>");

/** Compares with every key, however early one matches, so that time tells nothing. */
function tenantOfKey(key: string, known: readonly KnownKey[]): string | undefined {
  const hash = createHash("sha256").update(key).digest();
  let tenantId: string | undefined;
  for (const candidate of known) if (timingSafeEqual(candidate.hash, hash)) tenantId = candidate.tenantId;
  return tenantId;
}
