import { expect, test } from "vitest";
import { createPaint } from "./colours.ts";
import { createOutput } from "./output.ts";
import { printable, shorten } from "./printable.ts";
import { createProgressBar, formatProgress } from "./progress-bar.ts";
import { formatTable } from "./table.ts";
import { countOf, formatDuration, formatMicroUsd } from "./units.ts";

const createStream = (isTTY: boolean) => {
  const written: string[] = [];
  return { isTTY, columns: 40, written, write: (text: string) => written.push(text) };
};

const createSurroundings = () => ({
  environment: {},
  stdout: createStream(false),
  stderr: createStream(false),
  canAsk: false,
  signal: new AbortController().signal,
  ask: { confirm: async () => false },
});

test("printable: a prompt with escape sequences and line ends, neither is left", () => {
  expect(printable("a\u001b[2Jb\r\nc\u202ed")).toBe("a [2Jb c d");
});

test("shorten: longer than there is room, cut between characters", () => {
  expect(shorten("🦊🦊🦊🦊", 3)).toBe("🦊🦊…");
  expect(shorten("fox", 3)).toBe("fox");
});

test("formatTable: numbers to the right, the last column cut to the width of a terminal alone", () => {
  const columns = [
    { title: "N", text: ({ count }: { count: number }) => String(count), isNumber: true },
    { title: "PROMPT", text: () => "a very long prompt indeed" },
  ];

  expect(formatTable(columns, [{ count: 7 }, { count: 12 }], 14)).toBe(" N  PROMPT\n 7  a very lo…\n12  a very lo…");
  expect(formatTable(columns, [{ count: 7 }])).toContain("a very long prompt indeed");
});

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ TERM: "dumb" }, true, false],
  [{ FORCE_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, false],
])("createPaint: with %o and a terminal %s, coloured %s", (environment, isTTY, isColoured) => {
  const text = createPaint(createStream(isTTY), { environment })("red", "x");

  expect(text).toBe(isColoured ? "\u001b[31mx\u001b[39m" : "x");
});

test("createProgressBar: a terminal, drawn over itself at most ten times a second and cleared before a line", () => {
  const stream = createStream(true);
  let nowMs = 0;
  const bar = createProgressBar(stream, () => nowMs);
  const update = (done: number) => bar.update({ done, total: 4, text: "images" });

  update(1);
  update(2);
  nowMs += 150;
  update(3);
  update(4);
  bar.clear();
  bar.clear();

  expect(stream.written).toHaveLength(4);
  expect(stream.written.at(-1)).toBe("\r\u001b[2K");
  expect(stream.written.every((line) => line.length <= stream.columns + 5)).toBe(true);
});

test("createProgressBar: a terminal that does not know its width, a bar all the same", () => {
  const stream = { ...createStream(true), columns: 0 };
  createProgressBar(stream).update({ done: 1, total: 2, text: "images" });

  expect(stream.written).toEqual([expect.stringContaining("50%  images")]);
});

test("createProgressBar: no terminal, nothing", () => {
  const stream = createStream(false);
  createProgressBar(stream).update({ done: 1, total: 2, text: "x" });

  expect(stream.written).toEqual([]);
});

test("formatProgress: nothing known, half, more than whole", () => {
  expect(formatProgress({ done: 0, total: 0, text: "x" })).toBe(`${"░".repeat(24)}   0%  x`);
  expect(formatProgress({ done: 1, total: 2, text: "x" })).toBe(`${"█".repeat(12)}${"░".repeat(12)}  50%  x`);
  expect(formatProgress({ done: 9, total: 2, text: "x" })).toContain("100%");
});

test("createOutput: a list with --json, a line each and nothing when there is none", () => {
  const surroundings = createSurroundings();
  const output = createOutput(surroundings, true);

  output.table([{ id: 1 }, { id: 2 }], [], "none");
  output.table([], [], "none");

  expect(surroundings.stdout.written).toEqual(['{"id":1}\n', '{"id":2}\n']);
  expect(surroundings.stderr.written).toEqual([]);
});

test("createOutput: a warning that holds escape sequences of somebody else, told without them", () => {
  const surroundings = createSurroundings();

  createOutput(surroundings, false).warn("order o-1: \u001b[2Jrefused\nby \u009b31mthe provider");

  expect(surroundings.stderr.written).toEqual(["warning: order o-1:  [2Jrefused by  31mthe provider\n"]);
});

test("units: as people read them", () => {
  expect([4_200, 200_000, 7_500_000, 100_000_000].map(formatDuration)).toEqual(["4s", "3m 20s", "2h 5m", "1d 3h"]);
  expect([3_000, 120_000, 2_000_000, 1].map(formatMicroUsd)).toEqual(["$0.003", "$0.12", "$2.00", "$0.000001"]);
  expect([countOf(1, "image"), countOf(0, "image")]).toEqual(["1 image", "0 images"]);
});
