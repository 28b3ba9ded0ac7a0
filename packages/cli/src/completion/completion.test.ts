import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { createProgram } from "../program.ts";
import { bashCompletion } from "./bash.ts";
import { describeCommands } from "./describe-commands.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

const stream = { write: () => undefined };
const commands = describeCommands(
  createProgram({
    environment: {},
    stdout: stream,
    stderr: stream,
    canAsk: false,
    signal: new AbortController().signal,
    ask: { confirm: async () => false },
  }),
);

/** What bash offers for the last of the words. */
function completeInBash(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(" ");
  const script = `${bashCompletion(commands)}
COMP_WORDS=(tirage ${line}); COMP_CWORD=${words.length}; _tirage; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-u", "-c", script], { encoding: "utf8", timeout: 10_000 });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((word) => word !== "");
}

test.each([
  [[""], ["order", "models", "dead-letters", "completion", "--api-url"]],
  [["or"], ["order"]],
  [
    ["order", "c"],
    ["create", "cancel"],
  ],
  [
    ["order", "create", "--pr"],
    ["--provider", "--prompt", "--priority"],
  ],
  [
    ["order", "create", "--priority", ""],
    ["interactive", "standard", "bulk"],
  ],
  [["order", "create", "--prompt", "list", "--wa"], ["--watch"]],
  [["--json", "order", "list", "--status", "f"], ["failed"]],
  [
    ["completion", ""],
    ["bash", "zsh", "fish"],
  ],
  [["dead-letters", "rep"], ["replay"]],
])("bash: %j, offered %j", (words, offered) => {
  expect(completeInBash(...words)).toEqual(expect.arrayContaining(offered));
});

test("bash: a prompt, nothing is offered; a folder, the files there", () => {
  expect(completeInBash("order", "create", "--prompt", "")).toEqual([]);
  expect(completeInBash("order", "create", "--out", "package.js")).toEqual(["package.json"]);
});

test("zsh, fish: every command and every flag is in the script", () => {
  for (const script of [zshCompletion(commands), fishCompletion(commands)]) {
    for (const { path, flags } of commands) {
      expect(script).toContain(path.at(-1) ?? "");
      for (const { name } of flags) expect(script).toContain(name.slice(2));
    }
  }
});
