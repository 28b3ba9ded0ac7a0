import type { Command } from "commander";

/** What can follow a command on the line. */
export interface CommandDescription {
  /** `["order", "create"]`; empty for the program itself. */
  readonly path: readonly string[];
  readonly meaning: string;
  readonly subcommands: readonly { readonly name: string; readonly meaning: string }[];
  readonly flags: readonly FlagDescription[];
  /** Words that may stand as its first parameter. */
  readonly choices: readonly string[];
}

export interface FlagDescription {
  readonly name: string;
  readonly meaning: string;
  readonly takes: "nothing" | "word" | "path";
  readonly choices: readonly string[];
}

/** The program and all commands below it, each with the flags of the program beside its own. */
export function describeCommands(program: Command): CommandDescription[] {
  const shared = flagsOf(program);
  const descend = (command: Command, path: readonly string[]): CommandDescription[] => {
    const children = command.commands.map((child) => ({ child, name: child.name() }));
    const own = command === program ? [] : flagsOf(command);
    const description: CommandDescription = {
      path,
      meaning: meaningOf(command),
      subcommands: children.map(({ child, name }) => ({ name, meaning: meaningOf(child) })),
      flags: [...own, ...shared, { name: "--help", meaning: "show help", takes: "nothing", choices: [] }],
      choices: command.registeredArguments[0]?.argChoices ?? [],
    };
    return [description, ...children.flatMap(({ child, name }) => descend(child, [...path, name]))];
  };
  return descend(program, []);
}

const meaningOf = (command: Command): string => (command.summary() || command.description()).split("\n")[0] ?? "";

const pathFlags = new Set(["--from", "--out"]);

function flagsOf(command: Command): FlagDescription[] {
  return command.options.flatMap(({ long, description, argChoices, required, optional }) => {
    if (!long) return [];
    const takes = !required && !optional ? "nothing" : pathFlags.has(long) ? "path" : "word";
    return [{ name: long, meaning: description, takes, choices: argChoices ?? [] } as const];
  });
}
