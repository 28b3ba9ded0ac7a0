import { Command } from "commander";
import { addCompletion } from "./commands/completion.ts";
import { addDeadLetters } from "./commands/dead-letters.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addExamples } from "./commands/examples.ts";
import { addModels } from "./commands/models.ts";
import { addOrder } from "./commands/order.ts";
import { addQueues } from "./commands/queues.ts";
import { addWorkers } from "./commands/workers.ts";
import { type GlobalFlags, openSession } from "./session.ts";
import type { Surroundings } from "./surroundings.ts";

/** Raised with the package's own. */
export const version = "0.1.0";

/** The whole command. Nothing is done before `parseAsync`. */
export function createProgram(surroundings: Surroundings): Command {
  const { stdout, stderr, environment } = surroundings;
  const program = new Command("tirage");
  program
    .description("Orders of generated images: place them, follow them, save what they bring.")
    .version(version, "-V, --version", "print the version")
    .option("--api-url <address>", "where the API is; TIRAGE_API_URL, else http://localhost:8080")
    .option("--api-key <key>", "its key; better as TIRAGE_API_KEY, which no list of processes shows")
    .option("--json", "results as lines of JSON, whatever the command")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => stdout.columns || 100,
      getErrHelpWidth: () => stderr.columns || 100,
      getOutHasColors: () => stdout.isTTY === true && !environment.NO_COLOR,
      getErrHasColors: () => stderr.isTTY === true && !environment.NO_COLOR,
    });
  program.showHelpAfterError("(add --help for what can be given)");
  program.addHelpText(
    "after",
    "\nResults go to stdout, everything else to stderr. Exit codes: 0 done, 1 failed, 2 the command line is wrong,\n" +
      "130 ended by Ctrl-C. NO_COLOR takes the colours away.",
  );
  addExamples(program, [
    [
      'tirage order create --provider fal --model fal-ai/flux/schnell --prompt "a lighthouse at dusk" -n 10 --out ./images',
      "ten images into a folder",
    ],
    ["tirage order list", "what was ordered lately"],
    ["tirage doctor", "whether everything that is needed is there"],
  ]);
  const open = ({ retries }: { readonly retries?: number } = {}) =>
    openSession(surroundings, program.opts<GlobalFlags>(), retries);
  addOrder(program, open);
  addModels(program, open);
  addQueues(program, open);
  addWorkers(program, open);
  addDeadLetters(program, open);
  addDoctor(program, open);
  addCompletion(program, surroundings);
  return program;
}
