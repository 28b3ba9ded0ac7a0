#!/usr/bin/env node
// tirage: the command line
import { questions } from "./questions.ts";
import { run } from "./run.ts";
import { watchForEnd } from "./watch-for-end.ts";

const { signal, stop } = watchForEnd();
process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
  signal,
  ask: questions,
});
stop();
