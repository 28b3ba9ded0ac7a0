import { PassThrough } from "node:stream";
import type { FastifyReply } from "fastify";
import type { HttpAnswer } from "../http-answer.ts";

const lookEveryMs = 100;

/** `…/status/stream`: server-sent events, one for every status that differs from the last, closed after COMPLETED. */
export function streamStatus(reply: FastifyReply, readStatus: () => HttpAnswer): FastifyReply {
  const events = new PassThrough();
  let last = "";
  const look = () => {
    const answer = readStatus();
    if (answer.kind !== "answer") return;
    const status = JSON.stringify(answer.body);
    if (status !== last) events.write(`data: ${status}\n\n`);
    last = status;
    if (answer.status !== 200) return;
    clearInterval(timer);
    events.end();
  };
  const timer = setInterval(look, lookEveryMs);
  events.once("close", () => clearInterval(timer));
  reply.raw.once("close", () => events.destroy());
  look();
  return reply.type("text/event-stream").header("cache-control", "no-cache").send(events);
}
