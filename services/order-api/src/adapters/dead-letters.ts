/** Dead letters of the broker, each shown only to whom its order belongs when there are tenants. */
import { type DeadLetterCorrection, type DeadLetterView, type Message, orderRetryRequested } from "@tirage/contracts";
import {
  type Broker,
  discardDeadLetter,
  encodeMessage,
  readDeadLetter,
  readDeadLetters,
  republishDeadLetter,
} from "@tirage/messaging";
import { failpoint } from "@tirage/service-kit/failpoint";
import type pg from "pg";
import { chooseRetry } from "../domain/choose-retry.ts";
import { correctDeadLetter } from "../domain/correct-dead-letter.ts";
import type { DeadLetterFilter, DeadLetters, OrderRequests, OutboxPublisher, RetryReader } from "../ports.ts";
import { replayAsChosen } from "./dead-letter-replays.ts";

export interface DeadLettersOptions {
  readonly broker: Broker;
  readonly pool: pg.Pool;
  readonly retryReader: RetryReader;
  readonly orderRequests: OrderRequests;
  readonly outbox: OutboxPublisher;
}

const ownersText = `SELECT id, tenant_id AS "tenantId" FROM orders WHERE id = ANY($1::uuid[])`;
const endedText = `SELECT 1 FROM order_items WHERE order_id = $1 AND index = $2 AND status IN ('failed', 'cancelled')`;

const matches = (letter: DeadLetterView, { code, stream, orderId }: DeadLetterFilter): boolean =>
  (code === undefined || letter.code === code) &&
  (stream === undefined || letter.stream === stream) &&
  (orderId === undefined || letter.orderId === orderId);

export function createDeadLetters({ broker, pool, ...retry }: DeadLettersOptions): DeadLetters {
  const readOwners = async (letters: readonly DeadLetterView[]): Promise<ReadonlyMap<string, string>> => {
    const ids = letters.map(({ orderId }) => orderId).filter((id) => id !== null);
    const { rows } = await pool.query<{ id: string; tenantId: string }>(ownersText, [ids]);
    return new Map(rows.map(({ id, tenantId }) => [id, tenantId]));
  };
  const visible = async (letters: readonly DeadLetterView[], tenantId: string | undefined) => {
    if (tenantId === undefined || letters.length === 0) return letters;
    const owners = await readOwners(letters);
    return letters.filter(({ orderId }) => orderId !== null && owners.get(orderId) === tenantId);
  };
  const hasItemEnded = async ({ orderId, index, stream }: DeadLetterView): Promise<boolean> => {
    if (stream !== "WORK" || orderId === null || index === null) return false;
    return (await pool.query(endedText, [orderId, index])).rowCount === 1;
  };
  return {
    async list(tenantId, filter, { limit, fromSequence }) {
      const data: DeadLetterView[] = [];
      let from = fromSequence;
      for (;;) {
        const { letters, nextSequence } = await readDeadLetters(broker, from);
        const matching = letters.filter((letter) => matches(letter, filter));
        for (const letter of await visible(matching, tenantId)) {
          if (data.length === limit) return { data, nextSequence: Number(letter.id) };
          data.push(letter);
        }
        if (nextSequence === 0) return { data, nextSequence: 0 };
        from = nextSequence;
      }
    },
    async find(tenantId, sequence) {
      const letter = await readDeadLetter(broker, sequence);
      return letter && (await visible([letter], tenantId))[0];
    },
    discard: ({ id }) => discardDeadLetter(broker, id),
    async replay(letter, payload) {
      const { orderId, index } = letter;
      const hasEnded = await hasItemEnded(letter);
      if (payload !== undefined) return replayCorrected(payload);
      if (hasEnded && orderId !== null && index !== null) return retryItem(orderId, index);
      return republish();

      async function republish(corrected?: Message) {
        const publish = () => republishDeadLetter(broker, letter, corrected);
        if (!(await replayAsChosen(pool, { ...letter, corrected }, publish))) {
          const detail =
            "it is replayed, or may have been, with another payload or as it is: repeat that same replay, or discard it";
          return { kind: "refused", detail } as const;
        }
        await failpoint("after_publish_before_removal");
        await discardDeadLetter(broker, letter.id);
        return { kind: "done", action: "republished" } as const;
      }

      async function replayCorrected(payload: DeadLetterCorrection["payload"]) {
        const ownerId = (await readOwners([letter])).get(orderId ?? "");
        const correction = correctDeadLetter(letter, { payload, ownerId });
        if (correction.kind === "invalid") return correction;
        if (correction.kind === "unknown") {
          const detail = "what its payload must be like is not known: it can only be replayed as it is, or discarded";
          return { kind: "refused", detail, faults: correction.faults } as const;
        }
        if (hasEnded) {
          const detail = "its item has ended and takes this work no more; replayed unedited, it runs as a new attempt";
          return { kind: "refused", detail } as const;
        }
        return republish(correction.message);
      }

      // An item that has ended takes no events of the attempt that it ended with: it is run as a new one.
      async function retryItem(orderId: string, index: number) {
        const tenantId = (await readOwners([letter])).get(orderId);
        const candidate = tenantId && (await retry.retryReader.findRetryCandidate(tenantId, orderId));
        if (!candidate) return { kind: "refused", detail: "its order is gone" } as const;
        const endedItems = candidate.endedItems.filter((item) => item.index === index);
        const choice = chooseRetry({ ...candidate, endedItems });
        if (choice.kind === "refused") return choice;
        if (choice.kind === "underway") return { kind: "refused", detail: "a retry of its order is underway" } as const;
        const { attempt } = choice;
        const indexes = [...choice.indexes];
        const message = encodeMessage(orderRetryRequested.create({ orderId, attempt, indexes }), "/services/order-api");
        const request = { orderId, kind: "retry", attempt, indexes, message } as const;
        if (!(await retry.orderRequests.write(request))) {
          return { kind: "refused", detail: "a retry of its order is underway" } as const;
        }
        retry.outbox.publishSoon([message]);
        await discardDeadLetter(broker, letter.id);
        return { kind: "done", action: "retried" } as const;
      }
    },
  };
}
