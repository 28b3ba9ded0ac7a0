/**
 * What a handler may say about a failure. It decides only whether and when to try again; transport is not its matter.
 */
import type { Message } from "@tirage/contracts";

/** The message can never be handled: dead-letter it now. `code` is stable and short, `message` is for people. */
export class PermanentError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PermanentError";
    this.code = code;
  }
}

/**
 * Something the handler needs is away (a database, a lease): hold the delivery, heartbeat it, and run the handler again
 * after `delayMs`. Never counts towards dead-lettering, however long it takes.
 */
export class RetryLaterError extends Error {
  readonly code: string;
  readonly delayMs: number;
  constructor(code: string, message: string, options: ErrorOptions & { delayMs: number }) {
    super(message, options);
    this.name = "RetryLaterError";
    this.code = code;
    this.delayMs = options.delayMs;
  }
}

/**
 * The message must wait long: store `later` to become due after `delayMs`, and acknowledge the delivery. Holds no slot
 * and no place among the unacknowledged meanwhile, and the deliveries are counted anew.
 */
export class PostponeError extends Error {
  readonly code: string;
  readonly delayMs: number;
  readonly later: Message;
  readonly dueSubject: string;
  constructor(code: string, message: string, postponement: { delayMs: number; later: Message; dueSubject: string }) {
    super(message);
    this.name = "PostponeError";
    this.code = code;
    this.delayMs = postponement.delayMs;
    this.later = postponement.later;
    this.dueSubject = postponement.dueSubject;
  }
}

/** The process is stopping: give the delivery back to the broker for another replica, at once. */
export class HandBackError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HandBackError";
  }
}

export const publishFailureCodes = {
  /** The subject moved on since its sequence was read: somebody else replaced it. */
  wrongLastSequence: "wrong_last_sequence",
  /** A message of this subject is still there, and the stream keeps one. */
  subjectOccupied: "subject_occupied",
  /** No stream took the message: it is missing, or JetStream is not up yet. */
  streamMissing: "stream_missing",
  /** No answer in time: the message may or may not be stored; publish it again under the same id. */
  timeout: "timeout",
  tooLarge: "too_large",
  refused: "refused",
} as const;
export type PublishFailureCode = (typeof publishFailureCodes)[keyof typeof publishFailureCodes];

/** The broker did not confirm a message. */
export class PublishError extends Error {
  readonly code: PublishFailureCode;
  constructor(code: PublishFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PublishError";
    this.code = code;
  }
}

export function isPublishError(error: unknown, code: PublishFailureCode): boolean {
  return error instanceof PublishError && error.code === code;
}

/** The NATS server is too old for what Tirage relies on. */
export class ServerVersionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ServerVersionError";
  }
}

/** Any thrown value as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
