// npm start
import { explainFullDisk } from "./disk-space.ts";
import { readFlags, UsageError, usage } from "./read-flags.ts";
import { runUntilEnded } from "./run-until-ended.ts";

try {
  const flags = readFlags(process.argv.slice(2));
  if (flags.help) process.stdout.write(usage);
  else await runUntilEnded(flags, process.env);
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`tirage: ${explainFullDisk(error) ?? message}\n`);
}
