// GET /problems/{type}: what a problem's type means; the address that every problem carries
import { type ProblemType, problemTypes } from "@tirage/contracts";
import { z } from "zod";
import type { App } from "../dependencies.ts";

import { notFound, problems } from "./responses.ts";

/** What to do about each, for people. */
const advice: Readonly<Record<ProblemType, string>> = {
  validation: "Each entry of `errors` names a place in the request by its JSON pointer and says what is wrong there.",
  authentication: "Send `Authorization: Bearer <key>` with a key of this installation.",
  forbidden:
    "Either it concerns every tenant, and only a key of the tenant `operator` may do it; or the console's cookie came from a page of another origin.",
  "not-found": "Nothing has this address, or it is not yours.",
  "order-deleted": "Its images went with it, and nothing brings them back.",
  "no-thumbnail": "The product cannot be decoded as an image. Show its content instead, at `urls.content`.",
  "method-not-allowed": "The `Allow` header lists the methods of this address.",
  conflict: "Read the resource again and decide anew.",
  "too-large": "A body holds at most 256 KiB; send fewer orders at once or refer to large inputs by address.",
  "media-type": "Bodies are JSON: send `Content-Type: application/json`.",
  model: "The detail says what to send for this provider and model; `GET /v1/models` lists the known ones.",
  "idempotency-key-reused": "A key stands for one body for 24 hours. Use a new key for a new order.",
  "idempotency-key-in-flight":
    "Wait for `Retry-After` and send the same request again: it gets the first one's answer.",
  "range-not-satisfiable": "`Content-Range` says how many bytes there are.",
  "too-many-requests": "Wait for `Retry-After`. `RateLimit-*` headers tell how much is left.",
  internal: "It is logged under the `requestId`; sending the request again is safe with an Idempotency-Key.",
  unavailable: "Something we need is away. Wait for `Retry-After` and send the request again.",
  "queue-full": "Too many generations are waiting. Wait for `Retry-After`.",
};

const description = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  advice: z.string(),
});

const isProblemType = (name: string): name is ProblemType => Object.hasOwn(problemTypes, name);

/** For a person who followed the address. */
function formatPage(type: ProblemType): string {
  const { title, status } = problemTypes[type];
  const told = advice[type].replace(/`([^`]+)`/g, "<code>$1</code>").replaceAll("<key>", "&lt;key&gt;");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${title} · Tirage</title>
<style>body { font: 1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }</style>
<h1>${title}</h1>
<p>HTTP status ${status}</p>
<p>${told}</p>
<p><a href="/docs">API reference</a></p>
</html>`;
}

export function getProblems(app: App): void {
  app.get(
    "/problems/:type",
    {
      schema: {
        tags: ["operations"],
        summary: "What a problem type means",
        params: z.object({ type: z.string() }),
        response: {
          200: { content: { "application/json": { schema: description }, "text/html": { schema: z.string() } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { type } = request.params;
      if (!isProblemType(type)) throw notFound("problem type", JSON.stringify(type.slice(0, 64)));
      const { title, status } = problemTypes[type];
      if (!request.headers.accept?.includes("text/html")) {
        return reply.type("application/json").send({ type: `/problems/${type}`, title, status, advice: advice[type] });
      }
      return reply
        .type("text/html; charset=utf-8")
        .serializer((text: unknown) => String(text))
        .send(formatPage(type));
    },
  );
}
