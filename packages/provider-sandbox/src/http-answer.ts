import type { FastifyReply, FastifyRequest } from "fastify";

/** What goes back to a client: an answer, a reset connection, or nothing for a while and then a reset connection. */
export type HttpAnswer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** An object is sent as JSON, a string as it is, with the content type of `headers`. */
      readonly body: object | string | Buffer;
    }
  | { readonly kind: "reset" }
  | { readonly kind: "hang"; readonly forMs: number };

/** A JSON answer. */
export function answerJson(status: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { kind: "answer", status, headers, body };
}

/** A page as a proxy in front of a provider would send it: 200, and not what was asked for. */
export const htmlPage: HttpAnswer = {
  kind: "answer",
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: "<!doctype html><title>Please wait</title><p>One moment, please.</p>",
};

/** The same answer with the second half of its JSON missing. */
export function breakJson(answer: HttpAnswer): HttpAnswer {
  if (answer.kind !== "answer" || typeof answer.body !== "object") return answer;
  const text = JSON.stringify(answer.body);
  const headers = { ...answer.headers, "content-type": "application/json" };
  return { ...answer, headers, body: text.slice(0, Math.floor(text.length / 2)) };
}

/** Carries an answer out. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: HttpAnswer): FastifyReply {
  if (answer.kind === "answer") {
    return reply
      .code(answer.status)
      .headers({ ...answer.headers })
      .send(answer.body);
  }
  reply.hijack();
  const { socket } = request.raw;
  if (answer.kind === "reset") {
    socket.resetAndDestroy();
    return reply;
  }
  const timer = setTimeout(() => socket.resetAndDestroy(), answer.forMs);
  reply.raw.once("close", () => clearTimeout(timer));
  return reply;
}

/** Aborted when the client has its answer or goes away without. */
export function signalOfClient(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => controller.abort());
  return controller.signal;
}
