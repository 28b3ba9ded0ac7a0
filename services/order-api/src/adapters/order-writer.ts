/**
 * Writes orders with group commit: what arrives while a statement runs is written together by the next one. Nothing
 * waits for a timer, so a lone order is written at once and a crowd shares one round trip and one commit.
 */
import { isTransientDatabaseError } from "@tirage/database";
import { failpoint } from "@tirage/service-kit/failpoint";
import type pg from "pg";
import type { OrderWriter, Submission } from "../ports.ts";
import { type ClaimedKey, orderStatement, orderStatementValues } from "./order-statement.ts";

type Verdict = Awaited<ReturnType<OrderWriter["write"]>>;

interface Waiting {
  readonly submission: Submission;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: unknown) => void;
}

/** Enough to share a commit among many, little enough that none of them waits long for the others. */
const maximumItemsPerStatement = 10_000;
const maximumOrdersPerStatement = 500;

/** An error that came faster is a broken connection, not a slow server: a fresh connection may do at once. */
const quickFailureMs = 1_000;

export function createOrderWriter({ pool }: { readonly pool: pg.Pool }): OrderWriter {
  const queue: Waiting[] = [];
  let isWriting = false;

  const write = async (submissions: readonly Submission[]): Promise<Verdict[]> => {
    await failpoint("before_insert");
    const { rows } = await pool.query<ClaimedKey>({
      name: "write-orders",
      text: orderStatement,
      values: orderStatementValues(submissions),
    });
    await failpoint("after_insert");
    const claimed = new Set(rows.map(({ tenantId, key }) => `${tenantId} ${key}`));
    return submissions.map(({ claim }) =>
      claim && !claimed.has(`${claim.tenantId} ${claim.key}`) ? "key_taken" : "written",
    );
  };

  /** The statement changes nothing when repeated, so a lost answer is asked for again, once. */
  const writePatiently = async (submissions: readonly Submission[]): Promise<Verdict[]> => {
    const startedAt = performance.now();
    try {
      return await write(submissions);
    } catch (error) {
      if (!isTransientDatabaseError(error) || performance.now() - startedAt > quickFailureMs) throw error;
      return write(submissions);
    }
  };

  const settle = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const verdicts = await writePatiently(group.map(({ submission }) => submission));
      for (const [position, { resolve }] of group.entries()) resolve(verdicts[position] ?? "written");
    } catch (error) {
      const [only] = group;
      if (isTransientDatabaseError(error) || (group.length === 1 && only)) {
        for (const { reject } of group) reject(error);
        return;
      }
      // One of them cannot be written; its neighbours must not pay for it.
      for (const member of group) await settle([member]);
    }
  };

  const drain = async (): Promise<void> => {
    isWriting = true;
    try {
      while (queue.length > 0) await settle(takeGroup(queue));
    } finally {
      isWriting = false;
    }
  };

  return {
    write: (submission) =>
      new Promise<Verdict>((resolve, reject) => {
        queue.push({ submission, resolve, reject });
        if (!isWriting) void drain();
      }),
  };
}

/** Takes from the front of the queue what one statement may hold; at least one, however large. */
function takeGroup(queue: Waiting[]): Waiting[] {
  let orders = 0;
  let items = 0;
  let size = 0;
  for (const { submission } of queue) {
    orders += submission.orders.length;
    items += submission.orders.reduce((sum, { order }) => sum + order.items.length, 0);
    if (size > 0 && (orders > maximumOrdersPerStatement || items > maximumItemsPerStatement)) break;
    size += 1;
  }
  return queue.splice(0, size);
}
