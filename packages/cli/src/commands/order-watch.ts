import type { Command } from "commander";
import type { OpenSession } from "../session.ts";
import { addExamples } from "./examples.ts";
import { addOutFlag, type WatchFlags, watchToTheEnd } from "./watch-flags.ts";

export function addOrderWatch(order: Command, open: OpenSession): void {
  const command = order
    .command("watch <order...>")
    .description("follow orders until they have ended; also of ended ones, to save their images");
  addOutFlag(command);
  addExamples(command, [
    ["tirage order watch 0192c0de-0000-7000-8000-000000000000", "a bar until it has ended; exit code 1 when it failed"],
    ["tirage order watch 0192c0de-0000-7000-8000-000000000000 --out ./images", "and its images into a folder"],
    ["tirage order watch 0192c0de-0000-7000-8000-000000000000 --json", "every change as a line of JSON"],
  ]);
  command.action((ids: string[], flags: WatchFlags) => watchToTheEnd(open(), [...new Set(ids)], flags));
}
