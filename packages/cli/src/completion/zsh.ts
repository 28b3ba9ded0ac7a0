import type { CommandDescription, FlagDescription } from "./describe-commands.ts";

/** A script for zsh's own completion system. */
export function zshCompletion(commands: readonly CommandDescription[]): string {
  return `#compdef tirage
# tirage completion zsh > ~/.zfunc/_tirage, with fpath+=~/.zfunc before compinit in ~/.zshrc
${commands.map(functionOf).join("\n")}
if [ "$funcstack[1]" = "_tirage" ]; then _tirage "$@"; else compdef _tirage tirage; fi
`;
}

const nameOf = (path: readonly string[]): string => ["_tirage", ...path].join("_").replaceAll("-", "_");

function functionOf({ path, subcommands, flags, choices }: CommandDescription): string {
  const specifications = flags.map((flag) => `    ${specificationOf(flag)} \\`).join("\n");
  if (subcommands.length === 0) {
    const words = choices.length > 0 ? `'1:word:(${choices.join(" ")})'` : "'*:word:'";
    return `${nameOf(path)}() {\n  _arguments \\\n${specifications}\n    ${words}\n}`;
  }
  const names = subcommands.map(({ name, meaning }) => `${quote(`${name}:${meaning}`)}`).join(" ");
  const cases = subcommands.map(({ name }) => `      ${name}) ${nameOf([...path, name])} ;;`).join("\n");
  return `${nameOf(path)}() {
  local line state
  _arguments -C \\
${specifications}
    '1:command:->command' '*::word:->words'
  case "$state" in
    command) local -a names=(${names}); _describe command names ;;
    words) case "$line[1]" in
${cases}
    esac ;;
  esac
}`;
}

function specificationOf({ name, meaning, takes, choices }: FlagDescription): string {
  const explained = `${name}[${meaning.replace(/[[\]\\:]/g, " ")}]`;
  if (takes === "nothing") return quote(explained);
  if (takes === "path") return quote(`${explained}:path:_files`);
  return quote(`${explained}:value:${choices.length > 0 ? `(${choices.join(" ")})` : ""}`);
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
