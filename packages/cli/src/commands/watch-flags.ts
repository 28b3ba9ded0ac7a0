import { resolve } from "node:path";
import type { Command } from "commander";
import { countOf } from "../output/units.ts";
import type { Session } from "../session.ts";
import { Interrupted } from "../surroundings.ts";
import { createSlots } from "../watch/slots.ts";
import { concludeWatch, watchOrders } from "../watch/watch-orders.ts";

/** A file may have placed thousands. */
const cancelsAtOnce = 8;

export interface WatchFlags {
  readonly watch?: boolean;
  readonly out?: string;
}

export function addOutFlag(command: Command): Command {
  return command.option("--out <folder>", "save the images there as they land; what lies there whole is kept");
}

export function addWatchFlags(command: Command): Command {
  return addOutFlag(command.option("--watch", "stay until it has ended; the exit code is 1 when it failed"));
}

/** Who wants the images waits for them. */
export const isWatched = ({ watch, out }: WatchFlags): boolean => watch === true || out !== undefined;

/** Follows the orders and says how they ended. Ended by Ctrl-C, it asks whether the orders are to end as well. */
export async function watchToTheEnd(session: Session, orderIds: readonly string[], flags: WatchFlags): Promise<void> {
  const out = flags.out === undefined ? undefined : resolve(flags.out);
  try {
    concludeWatch(session, await watchOrders(session, orderIds, out), flags.out);
  } catch (error) {
    if (error instanceof Interrupted) await partFrom(session, orderIds, { by: error.by, out: flags.out });
    throw error;
  }
}

async function partFrom(
  { ask, canAsk, client, output }: Session,
  orderIds: readonly string[],
  { by, out }: { by: Interrupted["by"]; out: string | undefined },
): Promise<void> {
  const [first = ""] = orderIds;
  const what = orderIds.length === 1 ? "the order" : `the ${countOf(orderIds.length, "order")}`;
  const isCancelled = by === "SIGINT" && canAsk && (await ask.confirm(`Cancel ${what} too? What runs may be charged.`));
  if (!isCancelled) {
    const folder = out === undefined ? "" : ` --out ${out}`;
    const hint = orderIds.length === 1 ? `tirage order watch ${first}${folder}` : "run the same command again";
    output.note(`not cancelled, ${what} will go on; to see more: ${hint}`);
    return;
  }
  // An order that has ended cannot be cancelled, which is no failure here.
  const inTurn = createSlots(cancelsAtOnce);
  const answers = await Promise.allSettled(orderIds.map((id) => inTurn(() => client.orders.cancel(id))));
  const asked = answers.filter(({ status }) => status === "fulfilled").length;
  output.note(`asked to cancel ${countOf(asked, "order")}; what came of it: tirage order get ${first} --items`);
}
