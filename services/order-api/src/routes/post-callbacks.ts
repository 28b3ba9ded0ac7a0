// POST /v1/callbacks/{provider}/{nonce} -> a row of provider_callbacks: the proof that a provider accepted a submission
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { ProblemError } from "../errors.ts";
import { notFound } from "./responses.ts";

/** fal sends the whole result. */
const maximumBodyBytes = 1_048_576;
const parameters = z.object({ provider: z.string(), nonce: z.string() });
const nonceForm = /^[A-Za-z0-9_-]{16,64}$/;
const requestId = z.string().min(1).max(200);
/** fal names it `request_id`, Replicate `id`. */
const callbackBody = z.union([
  z.object({ request_id: requestId }).transform((body) => body.request_id),
  z.object({ id: requestId }).transform((body) => body.id),
]);

type CallbackDependencies = Pick<Dependencies, "callbackVerifiers" | "callbackInbox" | "metrics">;

/** In a scope of its own: no API key and no rate limit, since the signature says who calls; and the body stays bytes. */
export function postCallbacks(scope: App, { callbackVerifiers, callbackInbox, metrics }: CallbackDependencies): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: maximumBodyBytes }, (_request, body, done) =>
    done(null, body),
  );
  scope.post(
    "/callbacks/:provider/:nonce",
    { schema: { hide: true, params: parameters }, bodyLimit: maximumBodyBytes },
    async (request, reply) => {
      const { provider, nonce } = request.params;
      const verify = callbackVerifiers.get(provider);
      if (!verify || !nonceForm.test(nonce))
        throw notFound("callback", JSON.stringify(`${provider}/${nonce}`.slice(0, 128)));
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      if (!(await verify({ headers: request.headers, body, now: new Date() }))) {
        metrics.callbackReceived({ provider, outcome: "forged" });
        throw new ProblemError("authentication", `this is not signed by ${provider}, or too long ago`);
      }
      const read = callbackBody.safeParse(readJson(body));
      if (!read.success) {
        metrics.callbackReceived({ provider, outcome: "unreadable" });
        throw new ProblemError("validation", "the body names no request");
      }
      await callbackInbox.record({ nonce, provider, requestId: read.data });
      metrics.callbackReceived({ provider, outcome: "recorded" });
      return reply.code(200).send();
    },
  );
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
