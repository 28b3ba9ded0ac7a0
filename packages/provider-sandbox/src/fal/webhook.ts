import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { HttpAnswer } from "../http-answer.ts";
import type { Submission } from "../submission.ts";
import type { WebhookSender } from "../webhooks.ts";
import { statusErrorOf } from "./errors.ts";
import { answerResult } from "./result.ts";

const userId = "sandbox-user";

/** fal's callbacks: an ED25519 signature that can be checked against a published key set. */
export interface FalWebhooks {
  /** The body of `/.well-known/jwks.json`. */
  readonly keySet: object;
  /** Announces a finished submission to the webhook it came with, if any. */
  announce(submission: Submission, maxImageEdgePx: number): void;
}

export function createFalWebhooks(sender: WebhookSender): FalWebhooks {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");

  function signHeaders(requestId: string, body: string): Record<string, string> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const digest = createHash("sha256").update(body).digest("hex");
    const message = Buffer.from([requestId, userId, timestamp, digest].join("\n"));
    return {
      "x-fal-webhook-request-id": requestId,
      "x-fal-webhook-user-id": userId,
      "x-fal-webhook-timestamp": timestamp,
      "x-fal-webhook-signature": sign(null, message, privateKey).toString("hex"),
    };
  }

  return {
    keySet: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "sandbox", use: "sig", alg: "EdDSA" }] },
    announce(submission, maxImageEdgePx) {
      const { webhook, id, baseUrl } = submission;
      if (webhook === null) return;
      const body = JSON.stringify(describeEnd(submission, answerResult(submission, baseUrl, maxImageEdgePx)));
      sender.send(webhook, body, () => signHeaders(id, body));
    },
  };
}

function describeEnd({ id, ending }: Submission, result: HttpAnswer): object {
  const payload = result.kind === "answer" ? result.body : null;
  const ids = { request_id: id, gateway_request_id: id };
  if (!ending || ending.kind === "succeeded") return { ...ids, status: "OK", payload };
  return { ...ids, status: "ERROR", error: statusErrorOf(ending).error, payload };
}
