import { setTimeout as delay } from "node:timers/promises";
import { computePauseMs, provenAfterMs } from "./backoff.ts";
import type { ProcessEnd } from "./infrastructure/index.ts";
import { StackError } from "./stack-error.ts";

/** Something that runs until it ends or is stopped. */
export interface Running {
  readonly pid: number;
  readonly exited: Promise<ProcessEnd>;
  /** Where to look when it dies. */
  readonly logFile: string;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  name: string;
  /** Resolves when it is ready. Rejects, with nothing left running, when it ends before or the signal is aborted. */
  start: (signal: AbortSignal) => Promise<Running>;
  /** Told in one line about every death and return. */
  report: (line: string) => void;
}

/** A process that is kept running: what dies is started again, after a pause that grows with every death in a row. */
export interface Supervised {
  readonly name: string;
  /** Of the process that runs now; undefined while there is none. */
  readonly pid: number | undefined;
  /** How often it was started again after a death. */
  readonly restarts: number;
  /** Sends a signal to what runs now. What it kills is started again. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it is ready. A first start is tried three times. */
  start(): Promise<void>;
  /** Resolves when it has ended; it stays down until `start`. */
  stop(): Promise<void>;
  /** Stops it in its own good order and starts it again. */
  restart(): Promise<void>;
}

const startTries = 3;

export function supervise({ name, start, report }: SuperviseOptions): Supervised {
  let current: Running | undefined;
  let stopping = new AbortController();
  stopping.abort();
  let settled: Promise<void> = Promise.resolve(); // start and the loop that keeps it running; done once it is stopped
  let deaths = 0;
  let restarts = 0;

  async function startOnce(signal: AbortSignal): Promise<Running> {
    signal.throwIfAborted();
    const running = await start(signal);
    if (signal.aborted) {
      await running.stop();
      signal.throwIfAborted();
    }
    current = running;
    return running;
  }

  async function startFirst(signal: AbortSignal): Promise<Running> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await startOnce(signal);
      } catch (error) {
        if (error instanceof StackError || signal.aborted || attempt === startTries) throw error;
        await delay(computePauseMs(attempt), undefined, { signal });
      }
    }
  }

  async function startAgain(signal: AbortSignal): Promise<Running> {
    for (;;) {
      deaths += 1;
      await delay(computePauseMs(deaths), undefined, { signal });
      try {
        const running = await startOnce(signal);
        restarts += 1;
        report(`${name} is back (process ${running.pid})`);
        return running;
      } catch (error) {
        if (signal.aborted) throw error;
        report(`${name} did not start: ${firstLine(error)}; next try in ${computePauseMs(deaths + 1) / 1000} s`);
      }
    }
  }

  async function keepRunning(first: Running, signal: AbortSignal): Promise<void> {
    for (let running = first; ; running = await startAgain(signal)) {
      const since = Date.now();
      const end = await running.exited;
      current = undefined;
      if (signal.aborted) return;
      if (Date.now() - since >= provenAfterMs) deaths = 0;
      const pauseSeconds = computePauseMs(deaths + 1) / 1000;
      report(`${name} ended (${describeEnd(end)}): it is started again in ${pauseSeconds} s; log: ${running.logFile}`);
    }
  }

  const supervised: Supervised = {
    name,
    get pid() {
      return current?.pid;
    },
    get restarts() {
      return restarts;
    },
    kill(signal) {
      current?.kill(signal);
    },
    async start() {
      if (!stopping.signal.aborted) await supervised.stop();
      stopping = new AbortController();
      deaths = 0;
      const { signal } = stopping;
      const first = startFirst(signal);
      // A failed first start is told to who called start; later ones end here only when aborted.
      settled = first.then((running) => keepRunning(running, signal)).catch(() => {});
      await first;
    },
    async stop() {
      stopping.abort();
      await current?.stop();
      await settled;
      current = undefined;
    },
    async restart() {
      await supervised.stop();
      await supervised.start();
    },
  };
  return supervised;
}

export function describeEnd({ code, signal }: ProcessEnd): string {
  return signal ? `signal ${signal}` : `exit code ${code}`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
