import type { Logger } from "@tirage/messaging";
import { forgetfulStreams, isYoungerThan } from "./domain/detect-amnesia.ts";
import type { StreamPositions } from "./ports.ts";

/**
 * Answers whether the broker has lost its data since it was last asked, and raises the alarm. At the first time there
 * is nothing to compare with but `oldestAbsent`: when the oldest order was made of which something is on no queue.
 */
export function createAmnesiaWatch({ logger, onAmnesia }: { logger: Logger; onAmnesia: () => void }) {
  let remembered: StreamPositions | undefined;
  return (now: StreamPositions, oldestAbsent: Date | undefined): boolean => {
    const forgetful = remembered
      ? forgetfulStreams(remembered, now)
      : Object.entries(now).flatMap(([name, at]) => (isYoungerThan(at, oldestAbsent) ? [name] : []));
    remembered = now;
    if (forgetful.length === 0) return false;
    logger.error({ alarm: "broker_amnesia", streams: forgetful }, "the broker has lost what it had stored");
    onAmnesia();
    return true;
  };
}
