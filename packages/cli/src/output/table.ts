import { printable, shorten } from "./printable.ts";

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly isNumber?: boolean;
}

/**
 * Rows below aligned titles. The last column is cut to what is left of `columns` characters; without a limit nothing is
 * cut, so that a program that reads it misses nothing.
 */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width?: number): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ text }) => printable(text(row)))),
  ];
  const widths = columns.map((_, position) => Math.max(...cells.map((line) => line[position]?.length ?? 0)));
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, columnWidth) => sum + columnWidth + 2, 0);
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(10, width - before);
  return cells
    .map((line) =>
      line
        .map((cell, position) => {
          const columnWidth = widths[position] ?? 0;
          if (columns[position]?.isNumber) return cell.padStart(columnWidth);
          return position === last ? shorten(cell, room) : cell.padEnd(columnWidth);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
