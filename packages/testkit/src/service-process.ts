/** A service as operators run it: `node src/main.ts` in its folder, and environment variables. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { eventually } from "./eventually.ts";

export type ServiceName = "dispatcher" | "generator" | "order-api" | "status-aggregator";

export interface ServiceProcess extends AsyncDisposable {
  readonly url: string;
  /** Everything it has logged so far. */
  readonly log: () => string;
  /** Sends a signal that does not end it, such as SIGSTOP. */
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal and answers the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | string | null>;
}

/** Starts a service on a free port and waits until it is ready. */
export async function startServiceProcess(
  name: ServiceName,
  variables: Record<string, string>,
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ["src/main.ts"], {
    cwd: fileURLToPath(new URL(`../../../services/${name}`, import.meta.url)),
    env: { PATH: process.env.PATH, PORT: "0", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  const end = (signal: NodeJS.Signals) => endProcess(child, signal);
  try {
    const url = await eventually(() => readUrl(log, child), { timeoutMs: 20_000 });
    await eventually(async () => (await fetch(`${url}/readyz`)).ok, { timeoutMs: 20_000 });
    return {
      url,
      log: () => log,
      signal: (signal) => void child.kill(signal),
      end,
      [Symbol.asyncDispose]: async () => void (await end("SIGKILL")),
    };
  } catch (error) {
    await end("SIGKILL");
    throw new Error(`${name} did not become ready:\n${log}`, { cause: error });
  }
}

function readUrl(log: string, child: ChildProcess): string | undefined {
  if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
  const port = /"port":(\d+)/.exec(log)?.[1];
  return port && `http://127.0.0.1:${port}`;
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }
  return child.exitCode ?? child.signalCode;
}
