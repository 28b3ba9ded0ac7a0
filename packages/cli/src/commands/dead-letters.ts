import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { DeadLetter, DeadLetterCorrection, DeadLetterSelection } from "@tirage/client";
import type { Command } from "commander";
import { explainFailure } from "../explain-failure.ts";
import { SaidAlready, UsageError } from "../failures.ts";
import { readWhole } from "../order-flags.ts";
import { printable } from "../output/printable.ts";
import type { Column } from "../output/table.ts";
import { countOf, formatAge, placeOf } from "../output/units.ts";
import type { OpenSession, Session } from "../session.ts";
import { addExamples } from "./examples.ts";

interface SelectFlags {
  readonly code?: string;
  readonly stream?: string;
  readonly order?: string;
  readonly all?: boolean;
}

/** Of one request by filter. */
const mostPerRequest = 1_000;

export function addDeadLetters(program: Command, open: OpenSession): void {
  const letters = program
    .command("dead-letters")
    .alias("dlq")
    .description("messages that could not be handled: look at them, run them again, drop them");
  addList(letters, open);
  addShow(letters, open);
  addReplay(letters, open);
  addDiscard(letters, open);
}

function addFilterFlags(command: Command): Command {
  return command
    .option("--code <code>", "only of this code, such as malformed or max_deliveries")
    .option("--stream <name>", "only of this stream")
    .option("--order <order>", "only of this order");
}

function addList(letters: Command, open: OpenSession): void {
  const command = addFilterFlags(letters.command("list").alias("ls").description("list them, newest first"));
  command.option("--limit <number>", "at most so many", readWhole, 50);
  addExamples(command, [["tirage dead-letters list --code crash_loop", "messages that killed who handled them"]]);
  command.action(async ({ limit, ...flags }: SelectFlags & { limit: number }) => {
    const { client, output, signal } = open();
    const found: DeadLetter[] = [];
    if (limit === 0) return;
    const filter = { ...filterOf(flags), limit: Math.min(limit, 100) };
    for await (const letter of client.deadLetters.list(filter, { signal })) {
      found.push(letter);
      if (found.length >= limit) break;
    }
    output.table(found, columns(Date.now()), "no dead letters: every message was handled");
  });
}

function addShow(letters: Command, open: OpenSession): void {
  const command = letters.command("show <id...>").description("show one whole: why, from where, its body and headers");
  addExamples(command, [["tirage dead-letters show 12 --json | jq -r .body", "the message itself"]]);
  command.action(async (ids: string[]) => {
    const { client, output, signal } = open();
    for (const id of ids) {
      const letter = await client.deadLetters.get(id, { signal });
      output.result(letter, describe(letter));
    }
  });
}

function addReplay(letters: Command, open: OpenSession): void {
  const command = letters
    .command("replay [id...]")
    .description("run them again: those named, or all that a filter finds");
  addFilterFlags(command)
    .option("--all", "every one")
    .option("--payload <file>", "with this JSON in place of the body, of one letter; - reads it from stdin");
  addExamples(command, [
    ["tirage dead-letters replay 12 13", "these two"],
    ["tirage dead-letters replay 12 --payload mended.json", "with a corrected payload, which is checked first"],
    ["tirage dead-letters replay --code max_deliveries", "up to 1,000 of a kind, the oldest first"],
  ]);
  command.action(async (ids: string[], flags: SelectFlags & { payload?: string }) => {
    checkSelection(ids, flags);
    if (flags.payload !== undefined && ids.length !== 1)
      throw new UsageError("--payload goes with the id of one letter");
    const session = open();
    const { client, output, signal } = session;
    const [only] = ids;
    if (flags.payload !== undefined && only !== undefined) {
      const payload = await readPayload(flags.payload, signal);
      const replay = await client.deadLetters.replay(only, { payload, signal });
      return output.result(replay, `${only}  ${replay.action}`);
    }
    if (ids.length > 0) {
      return await eachOf(session, ids, async (id) => {
        const replay = await client.deadLetters.replay(id, { signal });
        output.result(replay, `${id}  ${replay.action}`);
      });
    }
    const counts = await client.deadLetters.replayMatching(filterOf(flags), { signal });
    const refused = counts.refused > 0 ? `, ${counts.refused} cannot be replayed and are left` : "";
    output.result(counts, `${countOf(counts.replayed, "dead letter")} replayed${refused}`);
    if (counts.replayed + counts.refused >= mostPerRequest) output.note("there may be more: run it again");
  });
}

async function readPayload(file: string, signal: AbortSignal): Promise<DeadLetterCorrection["payload"]> {
  try {
    const written =
      file === "-" ? await text(createReadStream("", { fd: 0, signal })) : await readFile(resolve(file), "utf8");
    const payload: unknown = JSON.parse(written);
    if (typeof payload === "object" && payload !== null && !Array.isArray(payload)) {
      return payload as DeadLetterCorrection["payload"];
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new UsageError(`--payload ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new UsageError(`--payload ${file} must be a JSON object`);
}

function addDiscard(letters: Command, open: OpenSession): void {
  const command = letters
    .command("discard [id...]")
    .description("drop them for good: those named, or all that a filter finds");
  addFilterFlags(command).option("--all", "every one").option("--yes", "do not ask first");
  addExamples(command, [
    ["tirage dead-letters discard 12", "asks first"],
    ["tirage dead-letters discard --code malformed --yes", "up to 1,000 of a kind, without a question"],
  ]);
  command.action(async (ids: string[], flags: SelectFlags & { yes?: boolean }) => {
    checkSelection(ids, flags);
    const session = open();
    const { client, output, signal } = session;
    if (!flags.yes) await confirmDiscard(session, ids);
    if (ids.length > 0) {
      return await eachOf(session, ids, async (id) => {
        await client.deadLetters.discard(id, { signal });
        output.result({ id, action: "discarded" }, `${id}  discarded`);
      });
    }
    const counts = await client.deadLetters.discardMatching(filterOf(flags), { signal });
    output.result(counts, `${countOf(counts.discarded, "dead letter")} discarded`);
    if (counts.discarded >= mostPerRequest) output.note("there may be more: run it again");
  });
}

async function confirmDiscard({ ask, canAsk }: Session, ids: readonly string[]): Promise<void> {
  if (!canAsk) throw new UsageError("nobody is there to confirm it: add --yes");
  const what = ids.length > 0 ? countOf(ids.length, "dead letter") : "every dead letter that the filter finds";
  if (!(await ask.confirm(`Discard ${what}? It cannot be undone.`))) throw new UsageError("nothing was discarded");
}

/** All that was asked is tried; what failed is told. */
async function eachOf(
  { apiUrl, output, signal }: Session,
  ids: readonly string[],
  change: (id: string) => Promise<void>,
) {
  let failed = 0;
  for (const id of ids) {
    try {
      await change(id);
    } catch (error) {
      signal.throwIfAborted();
      failed += 1;
      output.warn(`dead letter ${id}: ${explainFailure(error, apiUrl).message}`);
    }
  }
  if (failed > 0) throw new SaidAlready();
}

function checkSelection(ids: readonly string[], { code, stream, order, all }: SelectFlags): void {
  const isFiltered = [code, stream, order].some((value) => value !== undefined) || all === true;
  if (ids.length > 0 && isFiltered) throw new UsageError("give ids or a filter, not both");
  if (ids.length === 0 && !isFiltered) throw new UsageError("give ids, a filter (--code, --stream, --order) or --all");
}

const filterOf = ({ code, stream, order }: SelectFlags): DeadLetterSelection => ({ code, stream, orderId: order });

const columns = (nowMs: number): Column<DeadLetter>[] => [
  { title: "ID", text: ({ id }) => id, isNumber: true },
  { title: "CODE", text: ({ code }) => code },
  { title: "AGE", text: ({ deadAt }) => formatAge(deadAt, nowMs) },
  { title: "TRIES", text: ({ deliveryCount }) => String(deliveryCount), isNumber: true },
  { title: "CONSUMER", text: ({ durable }) => durable },
  {
    title: "ORDER",
    text: ({ orderId, index }) => (orderId === null ? "-" : `${orderId}${index === null ? "" : ` #${placeOf(index)}`}`),
  },
  { title: "REASON", text: ({ reason }) => reason },
];

function describe({ body, bodyEncoding, headers, index, ...facts }: DeadLetter): string {
  const lines = Object.entries({ ...facts, call: index === null ? null : placeOf(index) }).map(
    ([name, value]) => `${name.padEnd(13)}  ${printable(String(value ?? "-"))}`,
  );
  const headerLines = Object.entries(headers).map(([name, value]) => `  ${printable(`${name}: ${value}`)}`);
  return [...lines, "headers", ...headerLines, `body (${bodyEncoding})`, formatBody(body)].join("\n");
}

/** JSON indented, anything else as it is; by lines, without what could move the cursor. */
function formatBody(body: string): string {
  return indentJson(body).split("\n").map(printable).join("\n");
}

function indentJson(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
