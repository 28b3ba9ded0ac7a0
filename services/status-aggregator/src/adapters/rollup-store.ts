/**
 * Applies item transitions in one transaction: items, products, order counters, all or nothing. Applying the same again
 * changes nothing, and any number of stores may work at once on the same orders.
 */
import type { OrderRow } from "@tirage/contracts";
import { isDatabaseAtFault } from "@tirage/database";
import { RetryLaterError } from "@tirage/messaging";
import type pg from "pg";
import type { ItemTransition } from "../domain/fold-item-events.ts";
import { endOrder, hasEnded, type MadeTransition, moveOrder } from "../domain/order-state.ts";
import type { AppliedTransitions, RollupStore } from "../ports.ts";
import { insertProducts, moveItems } from "./item-statements.ts";
import { lockOrders, readEndings, updateOrders } from "./order-statements.ts";

/** How long a batch waits for a database that is away before it is tried again. */
const databaseDelayMs = 500;

/**
 * For the pool's connections: everything is looked up by key, and a plan made while the tables were empty would scan
 * them for as long as the connection lives.
 */
export const rollupSessionSettings = { enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off" };

export function createRollupStore(pool: pg.Pool): RollupStore {
  return {
    async apply(transitions) {
      try {
        return await inTransaction(pool, (client) => applyTransitions(client, transitions));
      } catch (error) {
        if (!isDatabaseAtFault(error)) throw error;
        throw new RetryLaterError("database_unavailable", String(error), { delayMs: databaseDelayMs, cause: error });
      }
    },
  };
}

async function applyTransitions(
  client: pg.ClientBase,
  transitions: readonly ItemTransition[],
): Promise<AppliedTransitions> {
  const orderIds = [...new Set(transitions.map(({ orderId }) => orderId))];
  const locked = new Map((await lockOrders(client, orderIds)).map((order) => [order.id, order]));
  const missingOrderIds = orderIds.filter((orderId) => !locked.has(orderId));
  const made = await moveItems(
    client,
    missingOrderIds.length === 0 ? transitions : transitions.filter(({ orderId }) => locked.has(orderId)),
  );
  await insertProducts(client, made, (orderId) => locked.get(orderId)?.batchSize ?? 1);
  const changed = await rollUpOrders(client, locked, made);
  if (changed.length > 0) await updateOrders(client, changed);
  for (const order of changed) locked.set(order.id, order);
  return { orders: [...locked.values()], ended: changed.filter(hasEnded), made, missingOrderIds };
}

/** The orders that the made transitions change, as they become. */
async function rollUpOrders(
  client: pg.ClientBase,
  locked: ReadonlyMap<string, OrderRow>,
  made: readonly MadeTransition[],
): Promise<OrderRow[]> {
  const madeByOrder = Map.groupBy(made, ({ transition }) => transition.orderId);
  const moved = [...madeByOrder].flatMap(([orderId, ofOrder]) => {
    const order = locked.get(orderId);
    return order ? [moveOrder(order, ofOrder)] : [];
  });
  const endedIds = moved.filter(hasEnded).map(({ id }) => id);
  if (endedIds.length === 0) return moved;
  const endings = await readEndings(client, endedIds);
  return moved.map((order) => {
    const ending = endings.get(order.id);
    return ending ? endOrder(order, ending) : order;
  });
}

async function inTransaction<Result>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // A connection on which not even this is answered is in an unknown state, and closing it rolls back too.
    await client.query("ROLLBACK").catch(() => {
      isBroken = true;
    });
    throw error;
  } finally {
    client.release(isBroken);
  }
}
