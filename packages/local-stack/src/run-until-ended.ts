import { fileURLToPath } from "node:url";
import { playDemo } from "./demo/play-demo.ts";
import { refuseDemo } from "./demo/refuse-demo.ts";
import { formatBanner } from "./format-banner.ts";
import { killGuarded } from "./infrastructure/process-guard.ts";
import { openBrowser } from "./open-browser.ts";
import { planProviders } from "./plan-providers.ts";
import type { Flags } from "./read-flags.ts";
import { type LocalStack, startLocalStack } from "./start-local-stack.ts";
import { watchForEnd } from "./watch-for-end.ts";

const defaultDataDirectory = fileURLToPath(new URL("../../../.tirage", import.meta.url));
/** What a forced end may take before this process ends itself and leaves the rest to its guard. */
const forcedMs = 3_000;

/** `npm start`: runs the stack until it is asked to end, and resolves when nothing of it is left. */
export async function runUntilEnded(flags: Flags, environment: Record<string, string | undefined>): Promise<void> {
  const beganAt = performance.now();
  if (flags.demo) refuseDemo(planProviders(flags.provider, environment), flags.generators, environment.AUTH);
  const ending = new AbortController();
  const stopWatching = watchForEnd({
    hasBootstrap: environment.TIRAGE_BOOTSTRAP === "1",
    end: (reason) => {
      say(`stopping (${reason})`);
      ending.abort();
    },
    force: () => {
      say("stopping at once");
      killGuarded();
      setTimeout(() => process.kill(process.pid, "SIGKILL"), forcedMs).unref();
    },
  });
  say("starting");
  try {
    await using stack = await startLocalStack({
      dataDirectory: flags.dataDirectory ?? defaultDataDirectory,
      apiPort: flags.port,
      generators: flags.generators,
      provider: flags.provider,
      reset: flags.reset,
      environment,
      signal: ending.signal,
      report: say,
      ...(flags.verbose && { onLog: (name: string, line: string) => void process.stdout.write(`${name} ${line}\n`) }),
    });
    const { port } = new URL(stack.apiUrl);
    const { generators } = flags;
    const tookMs = performance.now() - beganAt;
    const facts = { ...stack, port: Number(port), generators, workingDirectory: process.cwd(), tookMs };
    process.stdout.write(formatBanner(facts));
    if (flags.open && !flags.demo && process.stdout.isTTY) openBrowser(`http://localhost:${port}/`);
    if (flags.demo) await demonstrate(stack, flags, ending.signal);
    if (!flags.exit) await untilAborted(ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  } finally {
    stopWatching();
  }
  say("stopped");
}

async function demonstrate(stack: LocalStack, { open, port }: Flags, signal: AbortSignal): Promise<void> {
  const isWell = await playDemo({
    stack,
    consoleUrl: `http://localhost:${port}`,
    tell: (line) => void process.stdout.write(`${line}\n`),
    onPlaced: (orderUrl) => {
      if (open && process.stdout.isTTY) openBrowser(orderUrl);
    },
    signal,
  });
  if (!isWell) process.exitCode = 1;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function say(line: string): void {
  process.stderr.write(`tirage: ${line}\n`);
}
