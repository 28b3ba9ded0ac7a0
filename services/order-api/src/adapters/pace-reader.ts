/** What the time that an order takes depends on, each fact at most a few seconds old. */
import type pg from "pg";
import type { Operations, PaceReader } from "../ports.ts";

const freshMs = 5_000;
const maximumModels = 500;

const waitingText = `
SELECT coalesce(sum(items_pending + items_processing), 0)::bigint AS waiting
FROM orders WHERE status IN ('pending', 'processing') AND provider = $1`;

/** Of the newest products of the installation those of the model: bounded, whatever the tables hold. */
const medianText = `
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM item.finished_at - item.started_at) * 1000) AS median
FROM (SELECT DISTINCT order_item_id, order_id FROM
        (SELECT order_item_id, order_id FROM products ORDER BY created_at DESC, id DESC LIMIT 1000) AS newest) AS recent
JOIN orders ON orders.id = recent.order_id
JOIN order_items AS item ON item.id = recent.order_item_id
WHERE orders.provider = $1 AND orders.model = $2 AND item.started_at IS NOT NULL AND item.finished_at IS NOT NULL`;

export function createPaceReader({
  pool,
  operations,
  providerConcurrency,
}: {
  readonly pool: pg.Pool;
  readonly operations: Operations;
  readonly providerConcurrency: Readonly<Record<string, number>>;
}): PaceReader {
  const readWaiting = rememberFor(freshMs, async (provider: string) => {
    const { rows } = await pool.query<{ waiting: number }>({ text: waitingText, values: [provider] });
    return rows[0]?.waiting ?? null;
  });
  const readMedian = rememberFor(freshMs, async (provider: string, model: string) => {
    const { rows } = await pool.query<{ median: number | null }>({ text: medianText, values: [provider, model] });
    const median = rows[0]?.median ?? null;
    return median === null ? null : Math.max(0, Math.round(median));
  });
  const readSlots = rememberFor(freshMs, async () => {
    // A quote does not need the broker, only says less without it.
    const workers = await operations.listWorkers().catch(() => undefined);
    return workers ? workers.reduce((sum, { slots = 0, drain }) => sum + (drain ? 0 : slots), 0) : null;
  });
  return {
    async readPace(provider, model) {
      const [waitingGenerations, medianGenerationMs, allSlots] = await Promise.all([
        readWaiting(provider),
        readMedian(provider, model),
        readSlots(),
      ]);
      const slots = allSlots === null ? null : Math.min(allSlots, providerConcurrency[provider] ?? 0);
      return { waitingGenerations, medianGenerationMs, slots };
    },
  };
}

/** Asked again within the time for the same, the answer of before; a failure is not remembered. */
function rememberFor<Asked extends readonly string[], Answer>(
  ms: number,
  ask: (...asked: Asked) => Promise<Answer>,
): (...asked: Asked) => Promise<Answer> {
  const known = new Map<string, { readonly answer: Promise<Answer>; readonly until: number }>();
  return (...asked) => {
    const key = JSON.stringify(asked);
    const before = known.get(key);
    if (before && before.until > performance.now()) return before.answer;
    if (known.size >= maximumModels) known.clear();
    const answer = ask(...asked);
    known.set(key, { answer, until: performance.now() + ms });
    answer.catch(() => known.delete(key));
    return answer;
  };
}
