import type { CommandDescription, FlagDescription } from "./describe-commands.ts";

/** A script for bash 3.2 and later, without bash-completion. */
export function bashCompletion(commands: readonly CommandDescription[]): string {
  return `# tirage completion bash >> ~/.bashrc
_tirage() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$path \${COMP_WORDS[index]}" in
${pathCases(commands)}
    esac
  done
  case "$path $before" in
${choiceCases(commands)}
  esac
  case "$before" in
    ${namesOf(commands, "path").join(" | ")}) COMPREPLY=($(compgen -f -- "$word")); return ;;
    ${namesOf(commands, "word").join(" | ")}) return ;;
  esac
  case "$path" in
${wordCases(commands)}
  esac
}
complete -o filenames -F _tirage tirage
`;
}

const joined = (path: readonly string[]): string => path.map((name) => ` ${name}`).join("");

const pathCases = (commands: readonly CommandDescription[]): string =>
  commands
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => `      "${joined(path)}") path="${joined(path)}" ;;`)
    .join("\n");

const choiceCases = (commands: readonly CommandDescription[]): string =>
  commands
    .flatMap(({ path, flags }) => flags.map((flag) => ({ path, flag })))
    .filter(({ flag }) => flag.choices.length > 0)
    .map(({ path, flag }) => `    "${joined(path)} ${flag.name}") ${reply(flag.choices)}; return ;;`)
    .join("\n");

const wordCases = (commands: readonly CommandDescription[]): string =>
  commands
    .map(({ path, subcommands, flags, choices }) => {
      const words = [...subcommands.map(({ name }) => name), ...choices, ...flags.map(({ name }) => name)];
      return `    "${joined(path)}") ${reply(words)} ;;`;
    })
    .join("\n");

const reply = (words: readonly string[]): string => `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$word"))`;

function namesOf(commands: readonly CommandDescription[], takes: FlagDescription["takes"]): string[] {
  const flags = commands.flatMap((command) => command.flags);
  return [...new Set(flags.filter((flag) => flag.takes === takes).map(({ name }) => name))];
}
