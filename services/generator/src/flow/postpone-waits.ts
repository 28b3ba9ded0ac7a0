/** Long waits hold no slot: what must wait is stored for later instead of being held. */
import { workRequested } from "@tirage/contracts";
import { PostponeError, RetryLaterError } from "@tirage/messaging";
import type { Work } from "../domain/generation-result.ts";
import type { Generate } from "./generation.ts";

/** Waits for the provider, for another worker, or for a lost answer. The others are for a database that is away. */
const postponedCodes = new Set(["provider_gated", "submit_not_accepted", "submit_unknown", "lease_held"]);
/** Shorter waits are over before the message would be back. */
const shortestPostponedMs = 1_000;

/** The same work under the next epoch: the broker has seen this one's id. */
function postponementOf(work: Work, { code, message, delayMs }: RetryLaterError): PostponeError {
  const { provider, orderId, index, epoch } = work;
  const place = `${provider}.${orderId}.${index}`;
  const again = workRequested.create({ ...work, epoch: epoch + 1 });
  return new PostponeError(code, message, {
    delayMs,
    later: { ...again, subject: `later.${place}` },
    dueSubject: `due.${place}`,
  });
}

export function postponeWaits(generate: Generate): Generate {
  return async (work, circumstances) => {
    try {
      return await generate(work, circumstances);
    } catch (error) {
      const isLong = error instanceof RetryLaterError && error.delayMs >= shortestPostponedMs;
      if (isLong && postponedCodes.has(error.code)) throw postponementOf(work, error);
      throw error;
    }
  };
}
