/** Customers who place orders through every outage, with an Idempotency-Key, and keep what they were promised. */
import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "./schedule.ts";

export interface PlannedOrder {
  readonly key: string;
  readonly body: { readonly generations: number; readonly batchSize: number } & Record<string, unknown>;
}

export interface PromisedOrder {
  readonly id: string;
  readonly generations: number;
}

const models = [
  { provider: "fal", model: "fal-ai/flux/schnell" },
  { provider: "replicate", model: "black-forest-labs/flux-schnell" },
];
const largestOrder = 25;
const requestTimeoutMs = 10_000;
const retryMs = 250;

/** Orders of together `items` generations, the same for the same seed; every seed of a generation is its own. */
export function planOrders(seed: number, items: number): PlannedOrder[] {
  const random = createRandom(seed + 1);
  const planned: PlannedOrder[] = [];
  for (let left = items; left > 0; ) {
    const generations = Math.min(left, 1 + Math.floor(random() * largestOrder));
    const number = planned.length;
    const body = {
      ...(models[number % models.length] ?? models[0]),
      ...{ prompt: `order ${number} of seed ${seed}`, generations, batchSize: 1 + Math.floor(random() * 4) },
      seed: number * 1_000,
    };
    planned.push({ key: `faults-${seed}-${number}`, body });
    left -= generations;
  }
  return planned;
}

/** Repeats one order until it is accepted. */
async function place(apiUrl: string, { key, body }: PlannedOrder, signal: AbortSignal): Promise<PromisedOrder> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`${apiUrl}/v1/orders`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      });
      const answer = (await response.json()) as { id: string };
      if (response.status === 201) return { id: answer.id, generations: body.generations };
      if (response.status < 500 && response.status !== 409 && response.status !== 429) {
        throw new RangeError(`an order was refused with ${response.status}: ${JSON.stringify(answer)}`);
      }
    } catch (error) {
      if (error instanceof RangeError) throw error;
    }
    await delay(retryMs, undefined, { signal });
  }
}

/** Places all orders, spread over `spreadMs`; answers those that were promised by a 2xx. */
export function placeAll(
  apiUrl: string,
  orders: readonly PlannedOrder[],
  { spreadMs, signal }: { spreadMs: number; signal: AbortSignal },
): Promise<PromisedOrder[]> {
  return Promise.all(
    orders.map(async (order, position) => {
      await delay((spreadMs * position) / orders.length, undefined, { signal });
      return place(apiUrl, order, signal);
    }),
  );
}
