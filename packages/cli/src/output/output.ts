import type { Surroundings } from "../surroundings.ts";
import { createPaint, type Paint } from "./colours.ts";
import { printable } from "./printable.ts";
import { createProgressBar, type ProgressBar } from "./progress-bar.ts";
import { type Column, formatTable } from "./table.ts";

/** Where a command says what: data on stdout, the rest on stderr. */
export interface Output {
  readonly isJson: boolean;
  /** Whether a person reads stdout: not with --json, nor into a pipe or a file. */
  readonly isForPerson: boolean;
  readonly paint: Paint;
  readonly bar: ProgressBar;
  /** One result: with --json the value as one line, else the text. */
  result(value: unknown, text: string): void;
  /** Results: with --json one line each, else a table, and on a terminal a sentence when there are none. */
  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], whenNone: string): void;
  /** Said beside the data, on stderr. */
  note(text: string): void;
  warn(text: string): void;
}

export function createOutput(surroundings: Surroundings, isJson: boolean): Output {
  const { stdout, stderr } = surroundings;
  const bar = createProgressBar(stderr);
  const paint = createPaint(stdout, surroundings);
  const paintBeside = createPaint(stderr, surroundings);
  const write = (text: string) => {
    bar.clear();
    stdout.write(`${text}\n`);
  };
  const beside = (text: string) => {
    bar.clear();
    stderr.write(`${text}\n`);
  };
  return {
    isJson,
    isForPerson: !isJson && stdout.isTTY === true,
    paint,
    bar,
    result: (value, text) => write(isJson ? JSON.stringify(value) : text),
    table(rows, columns, whenNone) {
      if (isJson) for (const row of rows) write(JSON.stringify(row));
      else if (rows.length === 0) beside(whenNone);
      else write(formatTable(columns, rows, stdout.isTTY ? stdout.columns || undefined : undefined));
    },
    // One line each, and what it says may come from the API, a file or an error.
    note: (text) => beside(paintBeside("dim", printable(text))),
    warn: (text) => beside(`${paintBeside("yellow", "warning:")} ${printable(text)}`),
  };
}
