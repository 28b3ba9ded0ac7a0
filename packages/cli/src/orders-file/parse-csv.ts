/** One record, with the line that it begins on: a quoted cell may go over several. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The text breaks off within a quoted cell, or a quote stands where none may. */
export class CsvError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = "CsvError";
    this.line = line;
  }
}

/**
 * CSV as RFC 4180 has it, with LF or CRLF; separated by semicolons when the first line has those and no comma. Lines
 * that hold nothing are passed over.
 */
export function parseCsv(text: string): CsvRecord[] {
  const source = text.startsWith("\ufeff") ? text.slice(1) : text;
  const [firstLine = ""] = source.split("\n", 1);
  const separator = firstLine.includes(";") && !firstLine.includes(",") ? ";" : ",";
  const records: CsvRecord[] = [];
  let line = 1;
  let at = 0;
  while (at < source.length) {
    const record = readRecord(source, at, line, separator);
    if (record.cells.length > 1 || record.cells[0] !== "") records.push({ line, cells: record.cells });
    line += record.lines;
    at = record.end;
  }
  return records;
}

interface ReadRecord {
  readonly cells: string[];
  /** Line ends passed. */
  readonly lines: number;
  /** Where the next record begins. */
  readonly end: number;
}

function readRecord(source: string, start: number, firstLine: number, separator: string): ReadRecord {
  const cells: string[] = [];
  let lines = 0;
  let at = start;
  for (;;) {
    const cell =
      source[at] === '"'
        ? readQuoted(source, at, firstLine + lines)
        : readPlain(source, at, firstLine + lines, separator);
    cells.push(cell.text);
    lines += cell.lines;
    at = cell.end;
    if (source[at] === separator) at += 1;
    else if (at >= source.length) return { cells, lines, end: at };
    else if (source.startsWith("\r\n", at)) return { cells, lines: lines + 1, end: at + 2 };
    else if (source[at] === "\n") return { cells, lines: lines + 1, end: at + 1 };
    else
      throw new CsvError(
        firstLine + lines,
        'something stands behind a closing quote; write a quote within quotes as ""',
      );
  }
}

interface Cell {
  readonly text: string;
  readonly lines: number;
  readonly end: number;
}

function readPlain(source: string, start: number, line: number, separator: string): Cell {
  let end = start;
  while (end < source.length && source[end] !== separator && source[end] !== "\n") {
    if (source[end] === '"') throw new CsvError(line, "a cell with a quote in it must be quoted as a whole");
    end += 1;
  }
  if (source[end] === "\n" && end > start && source[end - 1] === "\r") end -= 1;
  const text = source.slice(start, end);
  // A file that ends with a carriage return has no cell that does.
  return { text: end === source.length ? text.replace(/\r$/, "") : text, lines: 0, end };
}

function readQuoted(source: string, start: number, line: number): Cell {
  let text = "";
  let at = start + 1;
  for (;;) {
    const quote = source.indexOf('"', at);
    if (quote === -1) throw new CsvError(line, "a quote is opened and never closed");
    text += source.slice(at, quote);
    if (source[quote + 1] !== '"') return { text, lines: text.split("\n").length - 1, end: quote + 1 };
    text += '"';
    at = quote + 2;
  }
}
