import { expect, test } from "vitest";
import { findLines, scanImports } from "./scan-imports.ts";

test.each([
  ['import pg from "pg";', "pg"],
  ['import { a, b as c } from "pg";', "pg"],
  ['import type { Pool } from "pg";', "pg"],
  ['import * as pg from "pg";', "pg"],
  ["import a, { b } from 'pg';", "pg"],
  ['import "pg";', "pg"],
  ['export { a } from "pg";', "pg"],
  ['export * from "pg";', "pg"],
  ['export type { A } from "pg";', "pg"],
  ['const pg = await import("pg");', "pg"],
  ['let pool: import("pg").Pool;', "pg"],
  ['const pg = require("pg");', "pg"],
  ['const path = import.meta.resolve("pg");', "pg"],
  ['import {\n  a, // it\'s "a"\n  /* from "b" */ b,\n} from "pg";', "pg"],
])("imports: from %j, finds the module", (source, specifier) => {
  expect(scanImports(source)).toEqual([{ specifier, line: 1 }]);
});

test.each([
  '// import pg from "pg";',
  ' * import pg from "pg";',
  'const a = 1; // await import("pg")',
  'export const from = "pg";',
  'export function read() {\n  return text from "pg";\n}',
  "import.meta.url",
])("imports: from %j, which names no module, finds none", (source) => {
  expect(scanImports(source)).toEqual([]);
});

test("imports: of several statements, come by line, the first line of each", () => {
  const source =
    '/** Why. */\nimport {\n  a,\n} from "one";\nimport "two";\n\nawait import("three");\nexport * from "four";\n';
  expect(scanImports(source)).toEqual([
    { specifier: "one", line: 2 },
    { specifier: "two", line: 5 },
    { specifier: "three", line: 7 },
    { specifier: "four", line: 8 },
  ]);
});

test("lines: with the pattern in code and in comments, are those of the code", () => {
  const source = "// process.env\nread(process.env);\n/** process.env */\nread(); // process.env\n";
  expect(findLines(source, /process\.env/)).toEqual([2]);
});
