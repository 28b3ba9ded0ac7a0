import type { Command } from "commander";

/** Adds examples to a command's help: each a line that can be pasted, with what it does. */
export function addExamples(
  command: Command,
  examples: readonly (readonly [line: string, meaning: string])[],
): Command {
  const lines = examples.map(([line, meaning]) => `  # ${meaning}\n  $ ${line}\n`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
