// POST, DELETE /v1/session: the console's cookie, instead of a key that its scripts could read
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { credentialsOf, sessionCookie } from "../domain/credentials.ts";
import { ProblemError } from "../errors.ts";
import { createIdentification, missingKey, refuseOtherOrigins } from "../plugins/authentication.ts";
import { sealSession, sessionSeconds } from "../plugins/session-token.ts";
import { problems } from "./responses.ts";

/** A page's own origin is the one to tell of TLS that ends before this service; who makes it up fools himself. */
const isSecure = ({ protocol, headers }: FastifyRequest): boolean =>
  protocol === "https" || headers.origin?.startsWith("https://") === true;

function cookieHeaders(request: FastifyRequest, value: string, maximumAgeSeconds: number): Record<string, string> {
  const flags = `Path=/; Max-Age=${maximumAgeSeconds}; HttpOnly; SameSite=Strict${isSecure(request) ? "; Secure" : ""}`;
  return { "set-cookie": `${sessionCookie}=${value}; ${flags}`, "cache-control": "no-store" };
}

/** In a scope of its own: who has no key yet, or one that is gone, is also limited, and may also forget. */
export function sessionRoutes(app: App, { apiKeys }: Pick<Dependencies, "apiKeys">): void {
  const identify = apiKeys && createIdentification(apiKeys);
  app.post(
    "/session",
    {
      schema: {
        tags: ["operations"],
        security: [{ apiKey: [] }],
        summary: "Exchange the API key for a cookie, as the console does",
        description: `The cookie \`${sessionCookie}\` stands for the key for ${sessionSeconds / 86_400} days, or until the installation no longer knows the key. No script can read it; requests other than GET are taken with it from pages of the same origin only. Programs send the key with each request instead.`,
        response: { 204: z.undefined().describe("With `Set-Cookie`"), ...problems },
      },
    },
    async (request, reply) => {
      if (!identify) throw new ProblemError("not-found", "this installation asks for no key");
      const credentials = credentialsOf(request.headers);
      // A session makes no other: it ends when it was to end.
      if (credentials?.kind !== "key") throw missingKey();
      identify(credentials);
      const token = sealSession(credentials.key, Date.now());
      reply.headers(cookieHeaders(request, token, sessionSeconds));
      return reply.code(204).send();
    },
  );
  app.delete(
    "/session",
    {
      schema: {
        tags: ["operations"],
        security: [],
        summary: "Forget the cookie",
        response: { 204: z.undefined().describe("With `Set-Cookie`"), ...problems },
      },
    },
    async (request, reply) => {
      if (credentialsOf(request.headers)?.kind === "session") refuseOtherOrigins(request);
      reply.headers(cookieHeaders(request, "", 0));
      return reply.code(204).send();
    },
  );
}
