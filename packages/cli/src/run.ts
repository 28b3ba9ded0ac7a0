import { CommanderError } from "commander";
import { type Explanation, explainFailure } from "./explain-failure.ts";
import { exitCodes, SaidAlready } from "./failures.ts";
import { createPaint } from "./output/colours.ts";
import { printable } from "./output/printable.ts";
import { createProgram } from "./program.ts";
import { defaultApiUrl, type GlobalFlags } from "./session.ts";
import { Interrupted, NobodyReads, type Surroundings } from "./surroundings.ts";

/** Does what the command line says, and answers the exit code. Throws nothing. */
export async function run(parameters: readonly string[], surroundings: Surroundings): Promise<number> {
  const program = createProgram(surroundings);
  try {
    await program.parseAsync([...parameters], { from: "user" });
    return exitCodes.done;
  } catch (thrown) {
    // What fails because the end was asked for is no failure.
    const reason: unknown = surroundings.signal.aborted ? surroundings.signal.reason : thrown;
    if (reason instanceof NobodyReads) return exitCodes.done;
    if (reason instanceof Interrupted) return exitCodes[reason.by];
    if (reason instanceof SaidAlready) return exitCodes.failed;
    if (reason instanceof CommanderError) return exitCodeOf(reason);
    const { apiUrl, json } = program.opts<GlobalFlags>();
    const explanation = explainFailure(reason, apiUrl ?? (surroundings.environment.TIRAGE_API_URL || defaultApiUrl));
    complain(surroundings, explanation, json === true);
    return explanation.exitCode;
  }
}

/** Commander has said what it had to say. Help that nobody asked for is an answer to a command line that is not whole. */
function exitCodeOf({ code }: CommanderError): number {
  return code === "commander.helpDisplayed" || code === "commander.version" ? exitCodes.done : exitCodes.usage;
}

function complain(surroundings: Surroundings, explanation: Explanation, isJson: boolean): void {
  const { stderr } = surroundings;
  const { message, details, advice, problem } = explanation;
  if (isJson) {
    stderr.write(`${JSON.stringify({ error: { message, details, advice, problem } })}\n`);
    return;
  }
  const paint = createPaint(stderr, surroundings);
  stderr.write(`${paint("red", "error:")} ${printable(message)}\n`);
  for (const detail of details) stderr.write(`  ${printable(detail)}\n`);
  if (advice !== undefined) stderr.write(`${paint("dim", `→ ${advice}`)}\n`);
}
