/**
 * Applies item transitions in one transaction: items, products, order counters, all or nothing. Applying the same again
 * changes nothing, and any number of stores may work at once on the same orders.
 */
import type { OrderRow } from "@tirage/contracts";
import type pg from "pg";
import type { ItemTransition } from "../domain/fold-item-events.ts";
import {
  addPendingItems,
  endOrder,
  hasEnded,
  type MadeTransition,
  moveOrder,
  recountedOrder,
} from "../domain/order-state.ts";
import { type ExtraItem, mayBeToppedUp, planTopUp, type TopUp, unheardRound } from "../domain/top-up.ts";
import type { AppliedTransitions, RollupStore, SettledOrders } from "../ports.ts";
import { inTransaction } from "./in-transaction.ts";
import { insertProducts, moveItems } from "./item-statements.ts";
import { discardLateOutputs, lockOrders, readEndings, updateOrders } from "./order-statements.ts";
import { recountOrder, reopenItems } from "./recount-statements.ts";
import { insertExtraItems, readEndedItems, readExtraItems } from "./top-up-statements.ts";

/**
 * For the pool's connections: everything is looked up by key, and a plan made while the tables were empty would scan
 * them for as long as the connection lives.
 */
export const rollupSessionSettings = { enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off" };

export function createRollupStore(pool: pg.Pool): RollupStore {
  return {
    apply: (transitions) => inTransaction(pool, (client) => applyTransitions(client, transitions)),
    recount: (orderId) => inTransaction(pool, (client) => recount(client, orderId)),
    reopen: (retry) =>
      inTransaction(pool, (client) => recount(client, retry.orderId, () => reopenItems(client, retry))),
  };
}

async function applyTransitions(
  client: pg.ClientBase,
  transitions: readonly ItemTransition[],
): Promise<AppliedTransitions> {
  const orderIds = [...new Set(transitions.map(({ orderId }) => orderId))];
  const locked = new Map((await lockOrders(client, orderIds)).map((order) => [order.id, order]));
  const missingOrderIds = orderIds.filter((orderId) => !locked.has(orderId));
  const late = transitions.filter(({ orderId }) => !locked.has(orderId)).flatMap(outputsOf);
  if (late.length > 0) await discardLateOutputs(client, late);
  const made = await moveItems(
    client,
    missingOrderIds.length === 0 ? transitions : transitions.filter(({ orderId }) => locked.has(orderId)),
  );
  await insertProducts(client, made, (orderId) => locked.get(orderId));
  return { ...(await settleOrders(client, locked, moveOrders(locked, made))), made, missingOrderIds };
}

const outputsOf = ({ orderId, outputs }: ItemTransition) => outputs.map(({ storageKey }) => ({ orderId, storageKey }));

/** Counts an order anew, after `change` has changed its items. */
async function recount(
  client: pg.ClientBase,
  orderId: string,
  change: () => Promise<void> = async () => {},
): Promise<SettledOrders> {
  const [order] = await lockOrders(client, [orderId]);
  if (!order) return { orders: [], ended: [], topUps: [] };
  await change();
  const recounted = recountedOrder(order, await recountOrder(client, orderId));
  return settleOrders(client, new Map([[orderId, order]]), recounted === order ? [] : [recounted]);
}

/** The orders that the made transitions change, as they become. */
function moveOrders(locked: ReadonlyMap<string, OrderRow>, made: readonly MadeTransition[]): OrderRow[] {
  return [...Map.groupBy(made, ({ transition }) => transition.orderId)].flatMap(([orderId, ofOrder]) => {
    const order = locked.get(orderId);
    return order ? [moveOrder(order, ofOrder)] : [];
  });
}

/** Writes the orders that changed: those whose items have all ended get extra items, or their end. */
async function settleOrders(
  client: pg.ClientBase,
  locked: Map<string, OrderRow>,
  changed: readonly OrderRow[],
): Promise<SettledOrders> {
  const settled = await endOrders(client, await topUpOrders(client, changed));
  if (settled.length > 0) await updateOrders(client, settled);
  for (const order of settled) locked.set(order.id, order);
  const orders = [...locked.values()];
  return { orders, ended: settled.filter(hasEnded), topUps: await readTopUps(client, orders) };
}

async function topUpOrders(client: pg.ClientBase, orders: readonly OrderRow[]): Promise<readonly OrderRow[]> {
  const shortIds = orders.filter((order) => hasEnded(order) && mayBeToppedUp(order)).map(({ id }) => id);
  if (shortIds.length === 0) return orders;
  const itemsOf = await readEndedItems(client, shortIds);
  const inserted: ExtraItem[] = [];
  const toppedUp = orders.map((order) => {
    const items = itemsOf.get(order.id);
    const extra = items ? planTopUp(order, items) : [];
    inserted.push(...extra);
    return extra.length > 0 ? addPendingItems(order, extra.length) : order;
  });
  if (inserted.length > 0) await insertExtraItems(client, inserted);
  return toppedUp;
}

async function endOrders(client: pg.ClientBase, orders: readonly OrderRow[]): Promise<readonly OrderRow[]> {
  const endedIds = orders.filter(hasEnded).map(({ id }) => id);
  if (endedIds.length === 0) return orders;
  const endings = await readEndings(client, endedIds);
  return orders.map((order) => {
    const ending = endings.get(order.id);
    return ending ? endOrder(order, ending) : order;
  });
}

/** Rounds of extra items that may not have been announced, from what is stored: whoever comes again finds them too. */
async function readTopUps(client: pg.ClientBase, orders: readonly OrderRow[]): Promise<TopUp[]> {
  const withExtra = orders.filter((order) => order.itemsTotal > order.generations && order.itemsPending > 0);
  if (withExtra.length === 0) return [];
  const extraItems = await readExtraItems(
    client,
    withExtra.map(({ id }) => id),
  );
  return [...extraItems].flatMap(([orderId, extra]) => {
    const items = unheardRound(extra).map(({ index, batchSize }) => ({ index, batchSize }));
    return items.length > 0 ? [{ orderId, items }] : [];
  });
}
