/** Long waits hold no slot: what must wait is stored for later instead of being held. */
import { type MessageOf, workRequested } from "@tirage/contracts";
import { PostponeError, RetryLaterError } from "@tirage/messaging";
import type { Work } from "../domain/generation-result.ts";
import type { Generate } from "./generation.ts";

/** Waits for the provider, for another worker, or for a lost answer. The others are for a database that is away. */
const postponedCodes = new Set(["provider_gated", "submit_not_accepted", "submit_unknown", "lease_held"]);
/** Shorter waits are over before the message would be back. */
const shortestPostponedMs = 1_000;

/** Where work waits until it is due, and is found then by the dispatcher. */
export function placesOf(work: MessageOf<typeof workRequested>): Pick<PostponeError, "later" | "dueSubject"> {
  const { provider, orderId, index } = work.payload;
  const place = `${provider}.${orderId}.${index}`;
  return { later: { ...work, subject: `later.${place}` }, dueSubject: `due.${place}` };
}

/** Has the work come back after a while. */
export function postponed(
  work: MessageOf<typeof workRequested>,
  { code, message, delayMs }: Pick<RetryLaterError, "code" | "message" | "delayMs">,
): PostponeError {
  return new PostponeError(code, message, { ...placesOf(work), delayMs });
}

/** The same work under the next epoch: the broker has seen this one's id. */
export const againOf = (work: Work) => workRequested.create({ ...work, epoch: work.epoch + 1 });

export function postponeWaits(generate: Generate): Generate {
  return async (work, circumstances) => {
    try {
      return await generate(work, circumstances);
    } catch (error) {
      const isLong = error instanceof RetryLaterError && error.delayMs >= shortestPostponedMs;
      if (isLong && postponedCodes.has(error.code)) throw postponed(againOf(work), error);
      throw error;
    }
  };
}
