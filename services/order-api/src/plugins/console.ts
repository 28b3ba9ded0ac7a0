import { access } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "../dependencies.ts";
import { ProblemError } from "../errors.ts";

const builtConsole = fileURLToPath(new URL("../../../../apps/console/dist/", import.meta.url));
const assetsMaxAge = "365d";

/** The console's scripts, styles and calls are of this origin, none of them inline; `blob:` are downloads it makes. */
const contentSecurityPolicy =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const unbuiltPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tirage</title>
<h1>The console is not built</h1>
<p><code>npm start</code> builds it. By hand: <code>node apps/console/build.ts</code> in the repository, then reload this page.</p>
<p>The API runs: <a href="/docs">its reference</a>.</p></html>`;

/**
 * Serves the console at `/` and below: its files, and its one page at every address that a browser asks for and that
 * nothing else has. Addresses below `/v1` are never the console's.
 */
export async function serveConsole(app: App, folder: string = builtConsole): Promise<void> {
  await app.register(fastifyStatic, { root: folder, serve: false });
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("content-security-policy", contentSecurityPolicy);
  });
  const options = { schema: { hide: true }, logLevel: "warn" } as const;
  const sendFresh = (reply: FastifyReply, file: string) =>
    reply.header("cache-control", "no-cache").sendFile(file, { cacheControl: false });
  const sendPage = async (reply: FastifyReply) => {
    if (await isThere(join(folder, "index.html"))) return sendFresh(reply, "index.html");
    return reply.code(503).type("text/html; charset=utf-8").serializer(String).send(unbuiltPage);
  };
  app.get("/", options, (_request, reply) => sendPage(reply));
  // The names of the assets carry their hash.
  app.get("/assets/*", options, async (request, reply) => {
    const path = wildcardOf(request);
    if (!isFileName(path)) throw nothingHere();
    return reply.sendFile(`assets/${path}`, { maxAge: assetsMaxAge, immutable: true });
  });
  app.get("/*", options, async (request, reply) => {
    const path = wildcardOf(request);
    if (/^(v1|docs|problems)(\/|$)/.test(path)) throw nothingHere();
    if (isFileName(path) && /\.(js|svg)$/.test(path)) return sendFresh(reply, path);
    if (request.headers.accept?.includes("text/html")) return sendPage(reply);
    throw nothingHere();
  });
}

const wildcardOf = (request: FastifyRequest): string => (request.params as { "*": string })["*"];

/** No folders, so that nothing outside is asked for. */
const isFileName = (path: string): boolean => /^[\w-]+(\.[\w-]+)*$/.test(path);

const nothingHere = () => new ProblemError("not-found", "nothing has this address");

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
