/** Item events for the tests, each as its worker would announce it. */
import { itemIdOf, type Output } from "@tirage/contracts";
import type { ItemEvent } from "../src/domain/fold-item-events.ts";

let ordersMade = 0;

/** A UUIDv7-shaped id, different on each call. */
export function createOrderId(): string {
  ordersMade += 1;
  const random = crypto.randomUUID().slice(19);
  return `${ordersMade.toString(16).padStart(8, "0")}-0000-7000-${random}`;
}

/** A point of time `second` seconds into the test's day. */
export const instantAt = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString();

export interface Attempt {
  readonly orderId: string;
  readonly index: number;
  readonly attempt?: number;
  readonly workerId?: string;
  /** Seconds into the day. */
  readonly at?: number;
}

function attemptFields({ orderId, index, attempt = 1, workerId = "worker-1" }: Attempt) {
  return { itemId: itemIdOf(orderId, index), orderId, index, attempt, workerId };
}

export function started(attempt: Attempt): ItemEvent {
  const fields = attemptFields(attempt);
  const providerRequestId = `request-${fields.itemId}-${fields.attempt}`;
  return { name: "item.started", payload: { ...fields, providerRequestId, startedAt: instantAt(attempt.at ?? 1) } };
}

export function completed(
  attempt: Attempt,
  { requested, produced }: { requested: number; produced: number },
): ItemEvent {
  const fields = attemptFields(attempt);
  const outputs = Array.from({ length: produced }, (_, index) => createOutput(`${fields.itemId}/${index}`, index));
  const finishedAt = instantAt(attempt.at ?? 2);
  return { name: "item.completed", payload: { ...fields, requested, produced, outputs, finishedAt } };
}

export function failed(attempt: Attempt, code = "content_policy"): ItemEvent {
  const error = { code, message: `refused "as it is"`, retryable: false, providerStatus: 422 };
  return {
    name: "item.failed",
    payload: { ...attemptFields(attempt), error, finishedAt: instantAt(attempt.at ?? 2) },
  };
}

export function cancelled(attempt: Attempt): ItemEvent {
  return {
    name: "item.cancelled",
    payload: { ...attemptFields(attempt), outcome: "not_started", finishedAt: instantAt(attempt.at ?? 2) },
  };
}

function createOutput(storageKey: string, index: number): Output {
  const image = { contentType: "image/png", bytes: 1_024, width: 64, height: 64, sha256: "a".repeat(64) };
  return { index, storageKey, ...image, seed: index };
}
