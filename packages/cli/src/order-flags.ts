import type { OrderRequest } from "@tirage/client";
import { type Command, InvalidArgumentError, Option } from "commander";

/** The flags that describe an order, as commander reads them. */
export interface OrderFlags {
  readonly provider?: string;
  readonly model?: string;
  readonly modelVersion?: string;
  readonly prompt?: string;
  readonly quantity?: number;
  readonly generations?: number;
  readonly batchSize?: number;
  readonly parameter?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly seed?: number;
  readonly priority?: OrderRequest["priority"];
  readonly remainder?: OrderRequest["remainder"];
  readonly shortfall?: OrderRequest["shortfall"];
  readonly startAt?: string;
  readonly expiresAt?: string;
}

/** An order that may still miss what it needs. */
export type OrderDraft = Partial<OrderRequest>;

export const priorities = ["interactive", "standard", "bulk"] as const satisfies OrderRequest["priority"][];
export const remainders = ["exact", "overshoot"] as const satisfies OrderRequest["remainder"][];
export const shortfalls = ["accept", "top_up"] as const satisfies OrderRequest["shortfall"][];

/** The flag of each field of an order; a fault of the field is told as one of the flag. */
const flags: Readonly<Record<string, string>> = {
  provider: "--provider",
  model: "--model",
  modelVersion: "--model-version",
  prompt: "--prompt",
  quantity: "--quantity",
  generations: "--generations",
  batchSize: "--batch-size",
  parameters: "--parameter",
  metadata: "--metadata",
  seed: "--seed",
  priority: "--priority",
  remainder: "--remainder",
  shortfall: "--shortfall",
  startAt: "--start-at",
  expiresAt: "--expires-at",
};

/** `/batchSize` is `--batch-size`, `/parameters/image_size` is `--parameter image_size`. */
export function flagOfPointer(pointer: string): string {
  if (pointer === "/headers/cancel-after") return "--cancel-after";
  const [field = "", ...rest] = partsOfPointer(pointer);
  const flag = flags[field];
  if (flag === undefined) return pointer === "" ? "the request" : pointer;
  return rest.length === 0 ? flag : `${flag} ${rest.join(".")}`;
}

/** The names in a JSON pointer. */
export const partsOfPointer = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

export function addOrderFlags(command: Command): Command {
  return command
    .option("--provider <name>", "fal or replicate")
    .option("--model <name>", "the provider's name of the model, as tirage models lists them")
    .option("--model-version <digits>", "the version of a Replicate community model")
    .option("--prompt <text>", "what to make")
    .option("-n, --quantity <number>", "images to make", readWhole)
    .option("--generations <number>", "provider calls to make, instead of --quantity", readWhole)
    .option("--batch-size <number>", "images asked of one call", readWhole)
    .option("--parameter <name=value>", "of the model; repeat it for more", collectParameter)
    .option("--metadata <name=value>", "kept with the order; repeat it for more", collectMetadata)
    .option("--seed <number>", "call n gets seed + n; random and noted when not given", readWhole)
    .addOption(new Option("--priority <name>", "who goes first").choices(priorities))
    .addOption(new Option("--remainder <name>", "what the last call of a quantity asks").choices(remainders))
    .addOption(new Option("--shortfall <name>", "what to do when a call brings fewer images").choices(shortfalls))
    .option("--start-at <time>", "not started before, such as 2026-12-24T18:00:00Z")
    .option("--expires-at <time>", "what has not ended by then is stopped");
}

/** The order that the flags describe. */
export function draftOfFlags({ parameter, ...given }: OrderFlags): OrderDraft {
  const draft: Record<string, unknown> = parameter === undefined ? {} : { parameters: parameter };
  for (const [field, value] of Object.entries(given)) if (field in flags && value !== undefined) draft[field] = value;
  return draft;
}

export function readWhole(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number.");
}

function splitAssignment(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It must be name=value.");
  return [text.slice(0, at), text.slice(at + 1)];
}

function collectParameter(text: string, before: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const [name, value] = splitAssignment(text);
  return { ...before, [name]: readValue(value) };
}

function collectMetadata(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [name, value] = splitAssignment(text);
  return { ...before, [name]: value };
}

/** Numbers, true, false, null, objects and lists as JSON has them; everything else is the text itself. */
export function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
