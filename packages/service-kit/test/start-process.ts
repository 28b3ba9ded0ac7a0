import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { eventually } from "@tirage/testkit";
import { onTestFinished } from "vitest";

export const fixtureMain = fileURLToPath(new URL("fixture-service/main.ts", import.meta.url));
const packageFolder = fileURLToPath(new URL("..", import.meta.url));

export type LogLine = Record<string, unknown>;

export interface FixtureProcess {
  readonly child: ChildProcess;
  readonly log: readonly LogLine[];
  readonly errorText: () => string;
  /** The line with this sentence, once it is there. */
  logged(sentence: string): Promise<LogLine>;
  /** Asks the operations server, once it is up. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** The exit code once the process, and whatever else holds its output, is gone. */
  readonly exited: Promise<number | null>;
}

/** Runs `node` on the fixture service; killed at the end of the test if it is still there. */
export function startProcess(
  environment: Record<string, string> = {},
  parameters: readonly string[] = [fixtureMain],
): FixtureProcess {
  const child = spawn(process.execPath, parameters, {
    cwd: packageFolder,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const log: LogLine[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => log.push(JSON.parse(line)));
  let errorText = "";
  child.stderr.on("data", (chunk) => {
    errorText += chunk;
  });
  const logged = (sentence: string) => eventually(() => log.find(({ msg }) => msg === sentence), { timeoutMs: 30_000 });
  return {
    child,
    log,
    errorText: () => errorText,
    logged,
    async ask(path, init) {
      const { port } = await logged("operations are served");
      return fetch(`http://127.0.0.1:${port}${path}`, init);
    },
    exited: once(child, "close").then(([code]) => code),
  };
}
