import type { CommandDescription, FlagDescription } from "./describe-commands.ts";

/** A script for fish. */
export function fishCompletion(commands: readonly CommandDescription[]): string {
  const lines = commands.flatMap((command) => [
    ...command.subcommands.map(
      ({ name, meaning }) => `complete -c tirage -f -n ${when(command)} -a ${name} -d ${quote(meaning)}`,
    ),
    ...command.choices.map((choice) => `complete -c tirage -f -n ${when(command)} -a ${choice}`),
    ...command.flags.map((flag) => `complete -c tirage ${flagOf(flag)} -n ${when(command)} -d ${quote(flag.meaning)}`),
  ]);
  return `# tirage completion fish > ~/.config/fish/completions/tirage.fish\n${lines.join("\n")}\n`;
}

/** The condition that the line holds this command and no command below it. */
function when({ path, subcommands }: CommandDescription): string {
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const below = subcommands.map(({ name }) => name);
  const unseen = below.length > 0 ? [`not __fish_seen_subcommand_from ${below.join(" ")}`] : [];
  return quote([...seen, ...unseen].join("; and ") || "true");
}

function flagOf({ name, takes, choices }: FlagDescription): string {
  const long = `-l ${name.replace(/^--/, "")}`;
  if (takes === "nothing") return `-f ${long}`;
  if (takes === "path") return `-r -F ${long}`;
  return choices.length > 0 ? `-x ${long} -a ${quote(choices.join(" "))}` : `-x ${long}`;
}

const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
