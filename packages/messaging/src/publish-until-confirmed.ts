import { setTimeout as delay } from "node:timers/promises";
import type { Message } from "@tirage/contracts";
import { HandBackError, PublishError, publishFailureCodes } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { retryDelayMs } from "./retry-policy.ts";

/**
 * Publishes, and again under the same id until confirmed: the broker may be away for long, and the result must not be
 * lost meanwhile.
 * @throws HandBackError when the process stops first; PublishError when repeating cannot help.
 */
export async function publishUntilConfirmed(
  message: Message,
  publishOnce: (message: Message) => Promise<unknown>,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await publishOnce(message);
      return;
    } catch (error) {
      if (error instanceof PublishError && error.code === publishFailureCodes.tooLarge) throw error;
      if (signal.aborted) throw new HandBackError("stopping before the broker confirmed", { cause: error });
      logger.warn(
        { messageId: message.id, tries, error: String(error) },
        "message was not confirmed; publishing again",
      );
      await delay(retryDelayMs(tries, Math.random()), undefined, { ref: true });
    }
  }
}
