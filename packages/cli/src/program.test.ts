import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { createProgram, version } from "./program.ts";

const stream = { write: () => undefined };
const program = createProgram({
  environment: {},
  stdout: stream,
  stderr: stream,
  canAsk: false,
  signal: new AbortController().signal,
  ask: { confirm: async () => false },
});

test("version: the package's", () => {
  const file = new URL("../package.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8")).version).toBe(version);
});

const withAllBelow = (command: Command): Command[] => [command, ...command.commands.flatMap(withAllBelow)];

test.each(withAllBelow(program).map((command) => [command.name(), command] as const))(
  "%s --help: what it does, and every flag explained",
  (_, command) => {
    expect(command.description()).not.toBe("");
    for (const option of command.options) expect(option.description, option.flags).not.toBe("");
  },
);

test("--help: every command that does something has examples", () => {
  for (const command of withAllBelow(program).filter(({ commands }) => commands.length === 0)) {
    let text = "";
    command.configureOutput({
      writeOut: (part) => {
        text += part;
      },
    });
    command.outputHelp();
    expect(text, command.name()).toContain("Examples:\n  # ");
  }
});
