import { setTimeout as delay } from "node:timers/promises";
import type { Client, Order } from "@tirage/client";
import type { Command } from "commander";
import { CommandFailure, SaidAlready } from "../failures.ts";
import { countOf } from "../output/units.ts";
import type { OpenSession, Session } from "../session.ts";
import { hasEnded } from "../watch/describe-order.ts";
import { watchOrders } from "../watch/watch-orders.ts";
import { addExamples } from "./examples.ts";
import { forEachOrder } from "./for-each-order.ts";
import { addWatchFlags, isWatched, type WatchFlags, watchToTheEnd } from "./watch-flags.ts";

/** How long a retried order may take to be open again. */
const reopenMs = 30_000;
const pollMs = 250;

export function addOrderCancel(order: Command, open: OpenSession): void {
  const command = order
    .command("cancel <order...>")
    .description("stop what is queued at once, and ask the provider to stop what runs; what was made is kept")
    .option("--watch", "stay until it has ended, and say what became of each call");
  addExamples(command, [
    [
      "tirage order cancel 0192c0de-0000-7000-8000-000000000000 --watch",
      "and say what it cost: calls that were billed",
    ],
  ]);
  command.action(async (ids: string[], flags: WatchFlags) => {
    const session = open();
    const { asked, refused } = await changeEach(session, ids, "cancel");
    if (flags.watch) await concludeCancel(session, asked);
    if (refused > 0) throw new SaidAlready();
  });
}

export function addOrderRetry(order: Command, open: OpenSession): void {
  const command = order
    .command("retry <order...>")
    .description("run what failed or was cancelled again; what was made is neither made nor paid for again");
  addWatchFlags(command);
  addExamples(command, [
    ["tirage order retry 0192c0de-0000-7000-8000-000000000000 --watch --out ./images", "and stay for what it brings"],
    [
      "tirage order list --status failed --json | jq -r .id | xargs tirage order retry",
      "everything that failed lately",
    ],
  ]);
  command.action(async (ids: string[], flags: WatchFlags) => {
    const session = open();
    const { asked, refused } = await changeEach(session, ids, "retry");
    if (isWatched(flags) && asked.length > 0) {
      await Promise.all(asked.map((before) => untilOpen(session, before)));
      const orderIds = asked.map(({ id }) => id);
      await watchToTheEnd(session, orderIds, flags);
    }
    if (refused > 0) throw new SaidAlready();
  });
}

interface Changed {
  readonly asked: readonly Order[];
  readonly refused: number;
}

async function changeEach(session: Session, ids: readonly string[], change: "cancel" | "retry"): Promise<Changed> {
  const { client, output, signal } = session;
  const asked: Order[] = [];
  const refused = await forEachOrder(session, ids, async (id) => {
    const order = await client.orders[change](id, { signal });
    asked.push(order);
    output.result(order, `${order.id}  ${change} asked  ${session.pageOf(order.id)}`);
  });
  return { asked, refused };
}

async function concludeCancel(session: Session, asked: readonly Order[]): Promise<void> {
  const { client, output, signal } = session;
  await watchOrders(
    session,
    asked.map(({ id }) => id),
  );
  if (output.isJson) return;
  for (const { id } of asked) output.result(undefined, `${id}  ${await tellOutcomes(client, id, signal)}`);
}

async function tellOutcomes(client: Client, id: string, signal: AbortSignal): Promise<string> {
  const counts = new Map<string, number>();
  for await (const { status, outcome } of client.orders.items(id, { signal })) {
    const name = outcome?.replace("_", " ") ?? status;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${countOf(count, "call")} ${name}`).join(", ");
}

/** The API answers a retry when it is noted; the order is open again a little later. */
async function untilOpen({ client, signal }: Session, before: Order): Promise<void> {
  const deadlineMs = Date.now() + reopenMs;
  for (;;) {
    const order = await client.orders.get(before.id, { signal });
    if (!hasEnded(order) || order.version > before.version) return;
    if (Date.now() > deadlineMs) {
      throw new CommandFailure(`order ${before.id} was to run again, and has not begun after ${reopenMs / 1_000} s`, {
        advice: "tirage doctor looks for what is away",
      });
    }
    await delay(pollMs, undefined, { signal });
  }
}
