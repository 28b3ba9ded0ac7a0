import fc from "fast-check";
import { expect, test } from "vitest";
import { CsvError, parseCsv } from "./parse-csv.ts";

test.each([
  [
    "plain cells",
    "a,b\n1,2\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "CRLF and no line end at the end",
    "a,b\r\n1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["a byte order mark", "\ufeffa,b\n", [["a", "b"]]],
  [
    "quoted cells with comma, quote and line end",
    '"a,b","say ""hi""","two\nlines"\n',
    [["a,b", 'say "hi"', "two\nlines"]],
  ],
  [
    "empty cells and empty lines",
    "a,,\n\n,,c\n",
    [
      ["a", "", ""],
      ["", "", "c"],
    ],
  ],
  [
    "semicolons",
    "a;b\n1,5;2\n",
    [
      ["a", "b"],
      ["1,5", "2"],
    ],
  ],
  ["nothing", "", []],
])("parseCsv: %s, the cells", (_, text, cells) => {
  expect(parseCsv(text).map((record) => record.cells)).toEqual(cells);
});

test("parseCsv: a cell over two lines, the records behind it have their true lines", () => {
  expect(parseCsv('prompt\n"a\nb"\n\nc\n').map(({ line }) => line)).toEqual([1, 2, 5]);
});

test.each([
  ["a quote that is never closed", 'a\n"b\nc\n', 2],
  ["text behind a closing quote", 'a\nb\n"c"d\n', 3],
  ["a quote within a plain cell", 'a\nb "c"\n', 2],
])("parseCsv: %s, the line is named", (_, text, line) => {
  expect(() => parseCsv(text)).toThrow(CsvError);
  expect(() => parseCsv(text)).toThrow(expect.objectContaining({ line }));
});

test("parseCsv: any cells written quoted, come back as they were", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", ",", ";", '"', "\n", "\r", " ", "é") });
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 4 }), (rows) => {
      // A header with commas, so that the separator is known.
      const text = [["x", "y"], ...rows].map((cells) => cells.map(quote).join(",")).join("\r\n");
      expect(
        parseCsv(text)
          .slice(1)
          .map(({ cells }) => cells),
      ).toEqual(rows);
    }),
  );
});
