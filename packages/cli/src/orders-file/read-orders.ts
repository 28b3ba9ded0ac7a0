import type { OrderRequest } from "@tirage/client";
import { UsageError } from "../failures.ts";
import { type OrderDraft, readValue } from "../order-flags.ts";
import { printable } from "../output/printable.ts";
import { CsvError, parseCsv } from "./parse-csv.ts";

/** An order of a file, with the line that it stands on. */
export interface OrderOfFile {
  readonly line: number;
  readonly request: OrderRequest;
}

/** A line of a file, and what is wrong with it. */
export interface LineFault {
  readonly line: number;
  readonly detail: string;
}

interface DraftOfLine {
  readonly line: number;
  readonly draft: OrderDraft;
}

const columns = [
  ...["provider", "model", "modelVersion", "prompt", "quantity", "generations", "batchSize", "seed"],
  ...["priority", "remainder", "shortfall", "startAt", "expiresAt", "parameters", "metadata"],
] as const satisfies (keyof OrderRequest)[];
/** What the API takes as numbers. Everything else of a cell is text, but parameters, which may be anything. */
const numbers = new Set<string>(["quantity", "generations", "batchSize", "seed"]);
/** More faults than these are counted, not listed. */
const listedFaults = 20;

/**
 * The orders of a file, each completed by what the command line says for all of them; a line's own values win.
 * @throws UsageError that names every faulty line.
 */
export function readOrders(name: string, text: string, defaults: OrderDraft): OrderOfFile[] {
  const isCsv = /\.csv$/i.test(name);
  if (!isCsv && !/\.(jsonl|ndjson)$/i.test(name)) throw new UsageError(`--from ${name} must end in .csv or .jsonl`);
  const faults: LineFault[] = [];
  const drafts = isCsv ? readCsvDrafts(text, faults) : readJsonDrafts(text, faults);
  const orders = drafts.flatMap(({ line, draft }) => complete(line, draft, defaults, faults) ?? []);
  if (faults.length > 0) throw faultsOfFile(name, faults);
  if (orders.length === 0) throw new UsageError(`${name} holds no order`);
  return orders;
}

/** Every fault as `prompts.csv:7: …`, in the order of the lines. */
export function faultsOfFile(name: string, faults: readonly LineFault[]): UsageError {
  const lines = faults
    .toSorted((left, right) => left.line - right.line)
    .slice(0, listedFaults)
    .map(({ line, detail }) => `${name}:${line}: ${printable(detail)}`);
  const more = faults.length - lines.length;
  return new UsageError(`${name} cannot be ordered as it is; nothing was ordered`, [
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
  ]);
}

function complete(line: number, draft: OrderDraft, defaults: OrderDraft, faults: LineFault[]): OrderOfFile | undefined {
  // A line that counts calls is not to be given a quantity as well, nor the other way round.
  const { quantity, generations, ...rest } = defaults;
  const amount = draft.quantity ?? draft.generations;
  const parameters = { ...defaults.parameters, ...draft.parameters };
  const metadata = { ...defaults.metadata, ...draft.metadata };
  const { provider, model, prompt, ...others } = {
    ...rest,
    ...(amount === undefined && { quantity, generations }),
    ...draft,
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
  for (const [field, value] of Object.entries({ prompt, provider, model })) {
    if (value !== undefined) continue;
    const instead = field === "prompt" ? "" : `; give it in the file, or as --${field} for all`;
    faults.push({ line, detail: `${field} is missing${instead}` });
  }
  if (provider === undefined || model === undefined || prompt === undefined) return undefined;
  return { line, request: { provider, model, prompt, ...others } };
}

function readJsonDrafts(text: string, faults: LineFault[]): DraftOfLine[] {
  const drafts: DraftOfLine[] = [];
  for (const [position, source] of text
    .replace(/^\ufeff/, "")
    .split("\n")
    .entries()) {
    if (source.trim() === "") continue;
    const line = position + 1;
    const value = readJsonLine(source);
    if (value instanceof Error) faults.push({ line, detail: value.message });
    else drafts.push({ line, draft: value });
  }
  return drafts;
}

/** What the fields hold is for the API to judge. */
function readJsonLine(source: string): OrderDraft | Error {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    return new Error(`is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Error("must be an object");
  const unknown = Object.keys(value).find((field) => !(columns as readonly string[]).includes(field));
  return unknown === undefined ? value : new Error(unknownField(unknown));
}

function readCsvDrafts(text: string, faults: LineFault[]): DraftOfLine[] {
  let records: ReturnType<typeof parseCsv>;
  try {
    records = parseCsv(text);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    faults.push({ line: error.line, detail: error.message });
    return [];
  }
  const [header, ...rows] = records;
  if (!header) return [];
  const names = header.cells.map((cell) => nameOfColumn(cell));
  if (!names.includes("prompt")) {
    faults.push({ line: header.line, detail: 'the first line must name the columns, "prompt" among them' });
    return [];
  }
  for (const [position, name] of names.entries()) {
    if (name === undefined) faults.push({ line: header.line, detail: unknownField(header.cells[position] ?? "") });
  }
  if (faults.length > 0) return [];
  return rows.flatMap(({ line, cells }) => {
    if (cells.length > names.length) {
      const detail = `has ${cells.length} cells for ${names.length} columns; quote a cell that holds a comma`;
      faults.push({ line, detail });
      return [];
    }
    return [{ line, draft: readRow(line, names, cells, faults) }];
  });
}

function readRow(
  line: number,
  names: readonly (string | undefined)[],
  cells: readonly string[],
  faults: LineFault[],
): OrderDraft {
  const draft: Record<string, unknown> = {};
  const nested: Record<string, Record<string, unknown>> = {};
  for (const [position, cell] of cells.entries()) {
    const name = names[position];
    // An empty cell says nothing, so that what the command line says holds.
    if (name === undefined || cell === "") continue;
    const [group = "", entry] = name.split(/\.(.*)/s);
    if (entry !== undefined)
      nested[group] = { ...nested[group], [entry]: group === "metadata" ? cell : readValue(cell) };
    else if (numbers.has(name))
      draft[name] = readNumber(cell) ?? faults.push({ line, detail: `${name} must be a number` });
    else if (name === "parameters" || name === "metadata") {
      const value = readValue(cell);
      if (typeof value !== "object" || value === null) faults.push({ line, detail: `${name} must be a JSON object` });
      else draft[name] = value;
    } else draft[name] = cell;
  }
  for (const [group, entries] of Object.entries(nested)) draft[group] = { ...Object(draft[group]), ...entries };
  return draft;
}

const readNumber = (cell: string): number | undefined =>
  cell.trim() !== "" && Number.isFinite(Number(cell)) ? Number(cell) : undefined;

/** `batch_size` and `Batch size` are `batchSize`; `parameters.image_size` and `metadata.customer` are taken as they are. */
function nameOfColumn(cell: string): string | undefined {
  const name = cell.trim();
  if (/^(parameters|metadata)\../.test(name)) return name;
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  return columns.find((column) => plain(column) === plain(name));
}

const unknownField = (name: string): string =>
  `${JSON.stringify(name)} is unknown; known are ${columns.join(", ")}, parameters.<name> and metadata.<name>`;
