import { Argument, type Command } from "commander";
import { bashCompletion } from "../completion/bash.ts";
import { describeCommands } from "../completion/describe-commands.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import type { Surroundings } from "../surroundings.ts";
import { addExamples } from "./examples.ts";

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export function addCompletion(program: Command, { stdout }: Surroundings): void {
  const command = program.command("completion").description("print what makes a shell complete this command");
  command.addArgument(new Argument("<shell>", "which one").choices(Object.keys(shells)));
  addExamples(command, [
    ["tirage completion bash >> ~/.bashrc", "bash"],
    ["tirage completion zsh > ~/.zfunc/_tirage", "zsh, with fpath+=~/.zfunc before compinit in ~/.zshrc"],
    ["tirage completion fish > ~/.config/fish/completions/tirage.fish", "fish"],
  ]);
  command.action((shell: keyof typeof shells) => {
    stdout.write(shells[shell](describeCommands(program)));
  });
}
