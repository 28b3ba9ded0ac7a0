/** Every fault of the catalogue is shown by a test that carries its number, or said to be not covered. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const faultsInCatalogue = 50;

/** `| 21 | broker's data wiped | tests/e2e/broker-wipe.e2e.test.ts | …`: the rows of the table by their numbers. */
const rows = new Map(
  [...read("docs/guarantees.md").matchAll(/^\| (\d+) \| [^|]+ \| ([^|]+) \|/gm)].map(([, number, shownBy = ""]) => [
    Number(number),
    shownBy.trim(),
  ]),
);

test.each(Array.from({ length: faultsInCatalogue }, (_, index) => index + 1))(
  "docs/guarantees.md: fault %i, is shown by a test of that number or said to be not covered",
  (number) => {
    const shownBy = rows.get(number) ?? "";
    const files = [...shownBy.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, path = ""]) => path);
    if (files.length === 0 || shownBy.startsWith("not")) return expect(shownBy).toMatch(/^not covered: .{10,}/);
    for (const path of files) expect(read(path)).toMatch(new RegExp(`faults? [\\d, ]*\\b${number}\\b`));
  },
);
