import { dispatchEntry, priority, streams, turn } from "@tirage/contracts";
import {
  type Broker,
  createSubjectRecords,
  isPublishError,
  listSubjects,
  publish,
  publishFailureCodes,
  purgeSubjects,
} from "@tirage/messaging";
import type { Ring, RunQueue } from "../ports.ts";

const ringFilter = ({ provider, lane, tenantId }: Ring) => `dispatch.${provider}.${lane}.${tenantId}.*`;
const newTurn = ({ provider, lane, tenantId }: Ring) =>
  turn.create({ provider, lane, tenantId, turnId: crypto.randomUUID() });

/** `dispatch.<provider>.<lane>.<tenantId>.<orderId>` as a ring; undefined when it is not of that form. */
function readRing(subject: string): Ring | undefined {
  const [, provider, lane, tenantId] = subject.split(".");
  const known = priority.safeParse(lane);
  return provider && tenantId && known.success ? { provider, lane: known.data, tenantId } : undefined;
}

export function createRunQueue(broker: Broker): RunQueue {
  const entries = createSubjectRecords(broker, streams.dispatch, dispatchEntry);
  const turns = createSubjectRecords(broker, streams.turn, turn);
  return {
    addEntry: (entry) => entries.create(dispatchEntry.create(entry)),
    oldestEntry: (ring) => entries.oldest(ringFilter(ring)),
    moveEntry: async (rest, sequence) => (await entries.replace(rest, sequence)) !== undefined,
    removeEntry: (sequence) => entries.remove(sequence),
    async ensureTurn(ring) {
      await turns.create(newTurn(ring));
    },
    moveTurn: async (ring, sequence) => (await turns.replace(newTurn(ring), sequence)) !== undefined,
    async publishWork(work) {
      try {
        await publish(broker, work);
      } catch (error) {
        if (!isPublishError(error, publishFailureCodes.subjectOccupied)) throw error;
      }
    },
    async removeOrder(orderId) {
      const removals = [
        purgeSubjects(broker, streams.dispatch, `dispatch.*.*.*.${orderId}`),
        purgeSubjects(broker, streams.work, `work.*.${orderId}.>`),
        purgeSubjects(broker, streams.later, `later.*.${orderId}.>`),
        purgeSubjects(broker, streams.later, `due.*.${orderId}.>`),
      ];
      return (await Promise.all(removals)).reduce((sum, removed) => sum + removed, 0);
    },
    async ringsWithEntries() {
      const rings = new Map<string, Ring>();
      for (const subject of await listSubjects(broker, streams.dispatch, "dispatch.>")) {
        const ring = readRing(subject);
        if (ring) rings.set(ringFilter(ring), ring);
      }
      return [...rings.values()];
    },
  };
}
