/** Ends in the ledger what nobody has submitted, and what is given up. */
import { randomUUID } from "node:crypto";
import { isEnd, readRecord } from "../domain/generation-result.ts";
import type { AbandonAnswer, CallKey, StoppableItem } from "../ports.ts";
import { abandonStatement, stoppableStatement, stopStatement } from "./ledger-statements.ts";

/** Of one statement, and so of one transaction. */
const itemsAtOnce = 1_000;

type RunStatement = <Row>(statement: { name: string; text: string }, values: unknown[]) => Promise<Row[]>;

interface StoppableRow {
  readonly item_id: string;
  readonly order_id: string;
  readonly index: number;
  readonly attempt: number;
  readonly provider: string;
  readonly state: "open" | "finished" | null;
  readonly result: unknown;
}

const itemOf = ({ item_id, order_id, index, attempt }: StoppableRow): StoppableItem & CallKey => ({
  ...{ itemId: item_id, orderId: order_id, index, attempt },
});

export async function stopUnstarted(
  run: RunStatement,
  { orderId, throughAttempt }: { orderId: string; throughAttempt: number },
  resultOf: (item: StoppableItem) => unknown,
): Promise<unknown[]> {
  const rows = await run<StoppableRow>(stoppableStatement, [orderId, throughAttempt]);
  const results: unknown[] = [];
  const unstarted: StoppableRow[] = [];
  for (const row of rows) {
    const ended = row.state === "finished" ? readRecord(row.result) : undefined;
    if (!ended) unstarted.push(row);
    else if (isEnd(ended)) results.push(row.result);
    else unstarted.push({ ...row, attempt: ended.payload.attempt });
  }
  for (let from = 0; from < unstarted.length; from += itemsAtOnce) {
    const some = unstarted.slice(from, from + itemsAtOnce);
    const stopped = await run<{ result: unknown }>(stopStatement, [
      some.map(({ item_id }) => item_id),
      some.map(({ attempt }) => attempt),
      some.map(({ provider }) => provider),
      some.map(() => randomUUID()),
      some.map((row) => JSON.stringify(resultOf(itemOf(row)))),
    ]);
    results.push(...stopped.map(({ result }) => result));
  }
  return results;
}

export async function abandonCall(
  run: RunStatement,
  { itemId, attempt }: CallKey,
  { provider, result }: { readonly provider: string; readonly result: unknown },
): Promise<AbandonAnswer> {
  type Row = { readonly state: string; readonly result: unknown; readonly lease_left_ms: number | null };
  const values = [itemId, attempt, provider, randomUUID(), JSON.stringify(result)];
  const [row] = await run<Row>(abandonStatement, values);
  if (row?.state === "finished") return { kind: "finished", result: row.result };
  return { kind: "held", leaseLeftMs: Math.max(0, row?.lease_left_ms ?? 0) };
}
