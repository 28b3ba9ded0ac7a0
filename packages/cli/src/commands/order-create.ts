import { randomUUID } from "node:crypto";
import { type Order, type OrderRequest, TirageConnectionError } from "@tirage/client";
import { isSandboxed } from "@tirage/contracts";
import type { Command } from "commander";
import { UsageError } from "../failures.ts";
import { addOrderFlags, draftOfFlags, flagOfPointer, type OrderDraft, type OrderFlags } from "../order-flags.ts";
import { countOf, formatMicroUsd } from "../output/units.ts";
import type { OpenSession, Session } from "../session.ts";
import { Interrupted } from "../surroundings.ts";
import { addExamples } from "./examples.ts";
import { createFromFile } from "./order-create-from.ts";
import { addWatchFlags, isWatched, type WatchFlags, watchToTheEnd } from "./watch-flags.ts";

interface CreateFlags extends OrderFlags, WatchFlags {
  readonly from?: string;
  readonly key?: string;
  readonly cancelAfter?: string;
  readonly dryRun?: boolean;
}

export function addOrderCreate(order: Command, open: OpenSession): void {
  const command = order.command("create").summary("place an order, or one for each line of a file");
  command.description(
    "Places an order, or one for each line of a file. With --watch it stays until the order has ended, with --out it " +
      "also saves the images. Run again with the same --key within 24 hours, a command that was killed goes on: what " +
      "was ordered is not ordered again, and what was saved is not downloaded again.",
  );
  addOrderFlags(command)
    .option("--cancel-after <duration>", "what has not ended by then is stopped, such as 90s, 5m or 1h30m")
    .option("--from <file>", "a .csv or .jsonl file with an order a line; other flags hold for lines that say nothing")
    .option("--key <key>", "names the order, so that running the command again orders nothing again")
    .option("--dry-run", "say what would be made and what it costs, and order nothing");
  addWatchFlags(command);
  addExamples(command, [
    [
      'tirage order create --provider fal --model fal-ai/flux/schnell --prompt "a lighthouse at dusk" --quantity 10 --watch --out ./images',
      "ten images into a folder; the exit code is 0 when they are there",
    ],
    [
      'tirage order create --provider fal --model fal-ai/flux/schnell --prompt "a fox" -n 4 --key fox-1 --out ./fox',
      "run it as often as you like: it is bought once",
    ],
    [
      "tirage order create --from prompts.csv --provider fal --model fal-ai/flux/schnell --quantity 4 --out ./images",
      "an order for each line; columns: prompt, and any field, such as quantity or parameters.image_size",
    ],
    [
      'tirage order create --provider fal --model fal-ai/flux/dev --prompt "a fox" -n 4 --parameter image_size=square_hd --json',
      "the order as a line of JSON",
    ],
  ]);
  command.action(async (flags: CreateFlags) => {
    checkKey(flags.key);
    const session = open();
    const draft = draftOfFlags(flags);
    if (flags.from !== undefined && flags.cancelAfter !== undefined) {
      throw new UsageError("--cancel-after is of one order; give those of --from a time to expire at: --expires-at");
    }
    if (flags.from !== undefined) return await createFromFile(session, { ...flags, from: flags.from }, draft);
    const request = completeDraft(draft);
    if (flags.dryRun) return await showQuote(session, request);
    await createOne(session, request, flags);
  });
}

function checkKey(key: string | undefined): void {
  if (key === undefined || /^[\x21-\x7e]{1,200}$/.test(key)) return;
  throw new UsageError("--key must be 1 to 200 printable characters without spaces");
}

function completeDraft({ provider, model, prompt, ...rest }: OrderDraft): OrderRequest {
  if (provider === undefined || model === undefined || prompt === undefined) {
    const missing = Object.entries({ provider, model, prompt }).flatMap(([field, value]) =>
      value === undefined ? [`${flagOfPointer(`/${field}`)} is missing`] : [],
    );
    throw new UsageError("an order needs a provider, a model and a prompt", missing);
  }
  return { provider, model, prompt, ...rest };
}

async function createOne(session: Session, request: OrderRequest, flags: CreateFlags): Promise<void> {
  const key = flags.key ?? randomUUID();
  const order = await place(session, request, { key, cancelAfter: flags.cancelAfter });
  announce(session, order, isWatched(flags));
  await warnOf(session, request);
  if (isWatched(flags)) return await watchToTheEnd(session, [order.id], flags);
  const { plan } = order;
  if (session.output.isForPerson) {
    session.output.note(
      `${countOf(plan.totalProducts, "image")} in ${countOf(plan.generations, "call")}; follow it: tirage order watch ${order.id} --out ./images`,
    );
  }
}

async function place(
  { client, signal, output }: Session,
  request: OrderRequest,
  { key, cancelAfter }: { readonly key: string; readonly cancelAfter: string | undefined },
): Promise<Order> {
  try {
    return await client.orders.create(request, { idempotencyKey: key, cancelAfter, signal });
  } catch (error) {
    const isUnknown = error instanceof TirageConnectionError || error instanceof Interrupted;
    if (isUnknown) output.warn(`it may have been ordered all the same; to order it once, add --key ${key}`);
    throw error;
  }
}

/** The id and the page come first, so that they are known whatever comes after. */
function announce(session: Session, order: Order, isFollowed: boolean): void {
  const { output } = session;
  // A watched order's events begin with its state: as JSON, saying it here would be saying it twice.
  if (!output.isJson || !isFollowed) output.result(order, `${order.id}  ${session.pageOf(order.id)}`);
  if (session.wasReplayed()) output.note("ordered before with this key: nothing was ordered again");
}

/** Of what will be made otherwise than it reads. The order is placed: what cannot be told now is no failure. */
async function warnOf({ client, output, signal }: Session, request: OrderRequest): Promise<void> {
  const quote = await client.quotes.create(request, { signal, timeoutMs: 5_000 }).catch(() => undefined);
  for (const warning of quote?.warnings ?? []) output.warn(warning);
}

async function showQuote({ client, output, signal }: Session, request: OrderRequest): Promise<void> {
  const quote = await client.quotes.create(request, { signal });
  const { generations, batchSize, lastBatchSize, totalProducts, estimatedCostMicroUsd, warnings } = quote;
  const last = lastBatchSize === batchSize ? "" : `, the last asks ${lastBatchSize}`;
  const cost = estimatedCostMicroUsd === null ? "price unknown" : `about ${formatMicroUsd(estimatedCostMicroUsd)}`;
  const calls = `${countOf(generations, "call")} of ${batchSize}${last}`;
  const health = await client.health({ signal, timeoutMs: 5_000 }).catch(() => undefined);
  const free = health && isSandboxed(health, request.provider) ? " (sandbox: nothing is charged)" : "";
  output.result(quote, `${calls}: ${countOf(totalProducts, "image")}, ${cost}${free}; nothing was ordered`);
  for (const warning of warnings) output.warn(warning);
}
