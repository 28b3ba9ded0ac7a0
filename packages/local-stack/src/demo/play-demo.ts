/**
 * The newcomer's minute: an order of ten images during which a call fails, one comes back short and a worker is killed
 * mid-call. What is told was read from the API and from the sandbox's ledger, figures included.
 */
import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient, type Item, type Order } from "@tirage/client";
import { StackError } from "../stack-error.ts";
import type { LocalStack } from "../start-local-stack.ts";
import { type DemoFault, demoRequest, drawSeed, planFaults, slowIndex } from "./demo-order.ts";
import { narrate } from "./narrate.ts";
import { readBill, readStrikes, setRules } from "./sandbox-ledger.ts";
import { explain, findProblems, formatFigures } from "./verdict.ts";
import { createWorkers, type Workers } from "./workers.ts";

export interface DemoOptions {
  readonly stack: Pick<LocalStack, "apiUrl" | "sandboxUrl" | "services">;
  /** Where the console is, as its reader finds it. */
  readonly consoleUrl: string;
  readonly tell: (line: string) => void;
  /** Told where the order's page is, as soon as there is one. */
  readonly onPlaced: (orderUrl: string) => void;
  readonly signal: AbortSignal;
}

/** One run of the demo. */
interface Scene {
  readonly stack: DemoOptions["stack"];
  readonly sandboxUrl: string;
  readonly client: Client;
  readonly workers: Workers;
  readonly faults: readonly DemoFault[];
  readonly signal: AbortSignal;
  /** One line of the story: who did it, and what. */
  say(who: "demo" | "fal" | "Tirage", what: string): void;
}

const lookEveryMs = 150;
/** A killed worker's call is taken over within the lease of 30 s. */
const patienceMs = 180_000;

/** Resolves with whether the order ended as it should: all delivered, nothing paid twice, both ledgers agreeing. */
export async function playDemo(options: DemoOptions): Promise<boolean> {
  const { stack, consoleUrl, tell, onPlaced, signal } = options;
  const { sandboxUrl } = stack;
  if (sandboxUrl === undefined) throw new StackError("the demo needs the provider sandbox");
  const client = createClient({ baseUrl: stack.apiUrl });
  const workers = createWorkers(stack.services);
  const seed = drawSeed(Math.random());
  const faults = planFaults(seed);
  await workers.refresh();
  await setRules(
    sandboxUrl,
    faults.map(({ rule }) => rule),
  );
  tell("\n  The demo: ten images, while one call fails, one comes back short and a worker is killed mid-call.\n");
  try {
    const begunAt = performance.now();
    const say: Scene["say"] = (who, what) => {
      const seconds = ((performance.now() - begunAt) / 1000).toFixed(1).padStart(6);
      tell(`${seconds} s  ${who.padEnd(6)}  ${what}`);
    };
    const order = await client.orders.create({ ...demoRequest, seed }, { signal });
    const orderUrl = `${consoleUrl}/orders/${order.id}`;
    say("demo", `orders ${order.plan.totalProducts} images: ${describePlan(order)}. Watch it: ${orderUrl}`);
    onPlaced(orderUrl);
    const scene: Scene = { stack, sandboxUrl, client, workers, faults, signal, say };
    const { ended, items, isKilled } = await follow(scene, order);
    say("Tirage", `the order has ${ended.partial ? "ended short" : ended.status}`);
    return await settle(scene, { ended, items, isKilled, orderUrl, tell });
  } finally {
    await setRules(sandboxUrl, []).catch(() => undefined);
  }
}

const describePlan = ({ plan: { generations, batchSize, lastBatchSize } }: Order): string =>
  `${generations} calls, ${Array.from({ length: generations }, (_, index) => (index === generations - 1 ? lastBatchSize : batchSize)).join(" + ")}`;

interface Followed {
  readonly ended: Order;
  readonly items: readonly Item[];
  readonly isKilled: boolean;
}

/** Tells what happens until the order has ended, and kills the worker of the slow call meanwhile. */
async function follow(scene: Scene, { id, plan }: Order): Promise<Followed> {
  const { client, workers, signal } = scene;
  const deadline = performance.now() + patienceMs;
  const known = new Map<number, Item>();
  let struck: readonly number[] = [];
  let isKilled = false;
  for (;;) {
    const order = await client.orders.get(id, { signal });
    const items = await collect(client.orders.items(id, { signal }));
    struck = await tellStrikes(scene, struck);
    if (items.some(({ workerId }) => workerId !== null && !workers.find(workerId))) await workers.refresh();
    for (const item of items) {
      const telling = { provider: order.provider, generations: plan.generations, nameOf: workers.nameOf };
      for (const line of narrate(known.get(item.index), item, telling)) scene.say("Tirage", line);
      known.set(item.index, item);
    }
    isKilled ||= killWorker(scene, items);
    if (order.finishedAt !== null) return { ended: order, items, isKilled };
    if (performance.now() > deadline) throw new StackError(`the demo's order did not end in ${patienceMs / 1000} s`);
    await delay(lookEveryMs, undefined, { signal });
  }
}

/** Tells of the faults that have struck since. */
async function tellStrikes({ sandboxUrl, faults, say }: Scene, before: readonly number[]): Promise<number[]> {
  const strikes = await readStrikes(sandboxUrl);
  faults.forEach(({ does }, position) => {
    if ((strikes[position] ?? 0) > (before[position] ?? 0)) say("fal", does);
  });
  return strikes;
}

/** Once the slow call is under way, and the only one of its worker: the others have a fault of their own. */
function killWorker({ workers, say }: Scene, items: readonly Item[]): boolean {
  const slow = items.find(({ index, status }) => index === slowIndex && status === "processing");
  if (!slow?.workerId) return false;
  const service = workers.find(slow.workerId);
  const isBusy = items.some(
    ({ index, status, workerId }) => index !== slowIndex && status === "processing" && workerId === slow.workerId,
  );
  if (!service?.pid || isBusy) return false;
  say("demo", `kills ${service.name} (process ${service.pid}, SIGKILL) in the middle of call ${slowIndex + 1}`);
  service.kill("SIGKILL");
  say(
    "Tirage",
    `call ${slowIndex + 1} goes on at fal, and nobody submits it again: when the dead worker's lease has run`,
  );
  say("Tirage", "out, in 20 to 30 s, another one asks for the same request");
  return true;
}

interface Ending extends Followed {
  readonly orderUrl: string;
  readonly tell: (line: string) => void;
}

/** Adds up, by the sandbox's ledger and by Tirage's own, and says whether they agree. */
async function settle(scene: Scene, { ended, items, isKilled, orderUrl, tell }: Ending): Promise<boolean> {
  const { client, sandboxUrl, signal } = scene;
  const bill = await readBill(sandboxUrl, new Set(items.map(({ seed }) => seed)));
  const ledger = await client.orders.ledger(ended.id, { signal });
  const strikes = await readStrikes(sandboxUrl);
  const delivered = (await collect(client.orders.products(ended.id, { signal }))).length;
  const outcome = { bill, ledger, delivered, strikes, isKilled, ended, items };
  const problems = findProblems(outcome);
  const words = problems.length > 0 ? problems.map((problem) => `Not as it should be: ${problem}`) : explain(outcome);
  tell(`\n${words.map((line) => `  ${line}\n`).join("")}`);
  tell(`  ${formatFigures(outcome)}\n`);
  tell(`  ${orderUrl}`);
  tell("  add a key to go live: FAL_KEY=… npm start\n");
  return problems.length === 0;
}

async function collect<Entry>(pages: AsyncIterable<Entry>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of pages) entries.push(entry);
  return entries;
}
