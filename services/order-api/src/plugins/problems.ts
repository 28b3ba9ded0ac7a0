import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { App } from "../dependencies.ts";
import { ProblemError, problemBody, toProblemError } from "../errors.ts";
import { identifyAnswer } from "./answer-identity.ts";

const problemContentType = "application/problem+json";

/** Answers every error, missing route and wrong method as a problem. */
export function answerWithProblems(app: App): void {
  app.setErrorHandler((error, request, reply) => replyWithProblem(toProblemError(error), request, reply));
  app.setNotFoundHandler((request, reply) =>
    replyWithProblem(new ProblemError("not-found", "nothing has this address"), request, reply),
  );
  // An Expect that nobody knows may be ignored (RFC 9110, 10.1.1); Node itself would answer 417 without a word.
  app.server.on("checkExpectation", (request, response) => app.server.emit("request", request, response));
}

/** Also for errors that Fastify meets before it has found a route. */
export function replyWithProblem(problem: ProblemError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (problem.statusCode >= 500) {
    const level = problem.type === "internal" ? "error" : "warn";
    request.log[level]({ err: problem.cause ?? problem }, "request failed");
  }
  return reply
    .code(problem.statusCode)
    .headers(problem.headers)
    .type(problemContentType)
    .serializer(JSON.stringify)
    .send(problemBody(problem, identifyAnswer(request, reply)));
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] as const satisfies HTTPMethods[];

/** Collects the routes that `register` makes, then answers their other methods with 405. Call it once per scope. */
export function refuseOtherMethods(app: App, register: () => void): void {
  const allowed = new Map<string, string[]>();
  app.addHook("onRoute", ({ routePath, method }) => {
    allowed.set(routePath, [...(allowed.get(routePath) ?? []), method].flat());
  });
  register();
  for (const [url, of] of [...allowed]) {
    const others = methods.filter((method) => !of.includes(method));
    const allow = of.join(", ");
    app.route({
      method: others,
      url,
      schema: { hide: true },
      handler: async () => {
        throw new ProblemError("method-not-allowed", `only ${allow}`, { headers: { allow } });
      },
    });
  }
}

const socketStatuses: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout"],
};

/** What is no HTTP request never becomes one: the answer goes straight to the socket. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, title] = socketStatuses[error.code ?? ""] ?? [400, "Bad Request"];
  const body = JSON.stringify({
    type: "about:blank",
    title,
    status,
    detail: "this cannot be read as HTTP",
    instance: "",
    requestId: "",
    traceId: null,
  });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${problemContentType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
