/** The command as a shell runs it, and as a function with a terminal of the test's own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run, type Surroundings } from "@tirage/cli";

const main = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));
/** Longer than anything here takes: what hangs is killed, and its test fails by its exit code. */
const timeoutMs = 45_000;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the command, with what it has written so far. */
export interface TirageProcess {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<Outcome>;
}

export function startTirage(apiUrl: string, parameters: readonly string[], environment = {}): TirageProcess {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [main, ...parameters], {
    env: { ...inherited, TIRAGE_API_URL: apiUrl, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...output }));
  return { child, output, ended };
}

/** Runs the command to its end. */
export const tirage = (apiUrl: string, ...parameters: string[]): Promise<Outcome> =>
  startTirage(apiUrl, parameters).ended;

interface TerminalOptions {
  /** To every question. */
  readonly answer?: boolean;
  readonly signal?: AbortSignal;
  /** Told what the command has written so far. */
  readonly onWrite?: (output: Readonly<{ stdout: string; stderr: string }>) => void;
}

/** Runs the command as a function on a terminal, where somebody answers every question the same way. */
export async function tirageOnTerminal(
  apiUrl: string,
  parameters: readonly string[],
  { answer = false, signal = new AbortController().signal, onWrite = () => undefined }: TerminalOptions = {},
): Promise<Outcome & { readonly questions: readonly string[] }> {
  const output = { stdout: "", stderr: "" };
  const questions: string[] = [];
  const streamOf = (name: "stdout" | "stderr") => ({
    isTTY: true,
    columns: 120,
    write(text: string) {
      output[name] += text;
      onWrite(output);
    },
  });
  const surroundings: Surroundings = {
    environment: { TIRAGE_API_URL: apiUrl, NO_COLOR: "1" },
    stdout: streamOf("stdout"),
    stderr: streamOf("stderr"),
    canAsk: true,
    signal,
    ask: {
      async confirm(message) {
        questions.push(message);
        return answer;
      },
    },
  };
  return { code: await run(parameters, surroundings), ...output, questions };
}

/** A folder that goes with the test. */
export async function createFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "tirage-cli-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The lines of NDJSON. */
export const readLines = (text: string): unknown[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

export const ofFal = ["--provider", "fal", "--model", "fal-ai/flux/schnell"] as const;
