import { createHash, createHmac, randomUUID } from "node:crypto";
import type { Submission } from "../submission.ts";
import type { WebhookSender } from "../webhooks.ts";
import { describePrediction } from "./prediction.ts";

/** The events a webhook can ask for that the sandbox has; it writes no logs worth an event. */
type WebhookEvent = "start" | "output" | "completed";

/** Replicate's callbacks: the prediction object under an HMAC of a secret the account can read. */
export interface ReplicateWebhooks {
  /** `whsec_` and the key in base64. */
  readonly secret: string;
  /** Posts the prediction as it is now, if its webhook asked for the event. */
  announce(submission: Submission, event: WebhookEvent): void;
}

const keyBytes = 24;

/** The secret follows from the seed, so that a sandbox that is started again is still believed. */
export function createReplicateWebhooks(sender: WebhookSender, seed: number): ReplicateWebhooks {
  const key = createHash("sha256").update(`replicate webhook ${seed}`).digest().subarray(0, keyBytes);

  function signHeaders(messageId: string, body: string): Record<string, string> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac("sha256", key).update(`${messageId}.${timestamp}.${body}`).digest("base64");
    return { "webhook-id": messageId, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
  }

  return {
    secret: `whsec_${key.toString("base64")}`,
    announce(submission, event) {
      const { webhook, webhookEvents, baseUrl } = submission;
      if (webhook === null || (webhookEvents !== null && !webhookEvents.includes(event))) return;
      const body = JSON.stringify(describePrediction(submission, { baseUrl, dataRemoved: false }));
      const messageId = `msg_${randomUUID()}`;
      sender.send(webhook, body, () => signHeaders(messageId, body));
    },
  };
}
