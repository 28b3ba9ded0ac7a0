import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

/** A value of a row, or nothing. */
type CopyValue = string | number | null | undefined;

/**
 * Inserts rows by COPY: Postgres parses, stores and logs them at half the cost of `INSERT … SELECT … FROM unnest()`
 * (`docs/decisions/2026-11-24-products-by-copy.md`).
 * @param target a table with its columns, such as `products (id, bytes)`; never from outside
 * @throws what Postgres says, such as a violated constraint, which COPY cannot pass over; nothing is inserted then
 */
export async function copyRows(
  client: pg.ClientBase,
  target: string,
  rows: readonly (readonly CopyValue[])[],
): Promise<void> {
  const text = rows.map((row) => `${row.map(writeValue).join("\t")}\n`).join("");
  await pipeline(Readable.from([text]), client.query(copyFrom(`COPY ${target} FROM STDIN`)));
}

const special = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** In COPY's text format: what separates values and rows is escaped, so text from outside stays one value. */
function writeValue(value: CopyValue): string {
  if (value === null || value === undefined) return "\\N";
  if (typeof value === "number") return String(value);
  return special.test(value) ? value.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found) : value;
}
