import type { JetStreamManager, MsgRequest, StoredMsg } from "@nats-io/jetstream";

/**
 * The stored message with the lowest sequence, at `fromSequence` or above, whose subject matches; null when there is
 * none. Asks the stream's leader: a follower's stale answer could hide a message.
 */
export function readOldestMessage(
  manager: JetStreamManager,
  streamName: string,
  { subjectFilter, fromSequence = 1 }: { subjectFilter: string; fromSequence?: number },
): Promise<StoredMsg | null> {
  // The server takes this form of the request; the client's type lists it for direct reads only.
  const request = { seq: fromSequence, next_by_subj: subjectFilter } as MsgRequest;
  return manager.streams.getMessage(streamName, request);
}
