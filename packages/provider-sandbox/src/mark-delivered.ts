import type { FastifyReply } from "fastify";
import type { Submission } from "./submission.ts";

/** Notes in the ledger when the answer to a submitting request has left whole. */
export function markDelivered(reply: FastifyReply, submission: Submission): void {
  reply.raw.once("finish", () => {
    submission.responseDelivered = true;
  });
}
